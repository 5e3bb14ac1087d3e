package dev.freshet.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.FreshetException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          */5 * * * *           | UTC           | 2026-03-28T12:03:00Z      | 2026-03-28T12:05:00Z
          */5 * * * *           | UTC           | 2026-03-28T12:05:00Z      | 2026-03-28T12:10:00Z
          0 * * * *             | UTC           | 2026-03-28T23:00:01Z      | 2026-03-29T00:00:00Z
          0 2 * * *             | UTC           | 2026-12-31T02:00:00Z      | 2027-01-01T02:00:00Z
          0 9 * jan-jul MON-FRI | Europe/Berlin | 2026-04-03T09:00:00+02:00 | 2026-04-06T09:00:00+02:00
          0,30 8-18/2 * * 1-5   | UTC           | 2026-03-27T18:30:00Z      | 2026-03-30T08:00:00Z
          0 0 1 * fri           | UTC           | 2026-04-01T00:00:00Z      | 2026-04-03T00:00:00Z
          0 0 * * 7             | UTC           | 2026-03-28T00:00:00Z      | 2026-03-29T00:00:00Z
          0 0 L * *             | UTC           | 2026-02-01T00:00:00Z      | 2026-02-28T00:00:00Z
          @hourly               | UTC           | 2026-03-28T12:03:00Z      | 2026-03-28T13:00:00Z
          @daily                | Asia/Kolkata  | 2026-03-28T00:00:00+05:30 | 2026-03-29T00:00:00+05:30
          every 5 minutes       | Asia/Kolkata  | 2026-03-28T12:03:00Z      | 2026-03-28T12:05:00Z
          Every  1  Second      | UTC           | 2026-03-28T12:03:00.250Z  | 2026-03-28T12:03:01Z
          every day             | UTC           | 2026-03-28T12:03:00Z      | 2026-03-29T00:00:00Z
          every minute          | UTC           | 1969-12-31T23:58:30Z      | 1969-12-31T23:59:00Z
          """)
  void knowsTheNextTime(String text, String zone, ZonedDateTime now, ZonedDateTime next) {
    assertThat(Timing.parse(text, zone).next(now.toInstant())).contains(next.toInstant());
  }

  /// Berlin leaves out 02:00 to 03:00 on 2026-03-29 and repeats it on 2026-10-25.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          30 2 * * *   | 2026-03-28T02:30:00+01:00 | 2026-03-29T03:30:00+02:00
          30 2 * * *   | 2026-03-29T03:30:00+02:00 | 2026-03-30T02:30:00+02:00
          */20 * * * * | 2026-03-29T01:40:00+01:00 | 2026-03-29T03:00:00+02:00
          30 2 * * *   | 2026-10-24T02:30:00+02:00 | 2026-10-25T02:30:00+02:00
          30 2 * * *   | 2026-10-25T02:30:00+02:00 | 2026-10-26T02:30:00+01:00
          30 * * * *   | 2026-10-25T02:30:00+02:00 | 2026-10-25T02:30:00+01:00
          """)
  void keepsItsTimesThroughSummerTime(String text, ZonedDateTime now, ZonedDateTime next) {
    assertThat(Timing.parse(text, "Europe/Berlin").next(now.toInstant()))
        .contains(next.toInstant());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "60 * * * *",
        "* * * * * *",
        "every 0 minutes",
        "every 5 fortnights",
        "@reboot",
        "10-5 * * * *",
        "*/5 * * * mondays",
        "after",
        "0 0 0 * *"
      })
  void refusesWhatIsNoSchedule(String text) {
    assertThatThrownBy(() -> Timing.parse(text, "UTC"))
        .isInstanceOfSatisfying(
            FreshetException.class, e -> assertThat(e.sqlState()).isEqualTo("22023"));
  }

  @Test
  void refusesAnUnknownTimeZone() {
    assertThatThrownBy(() -> Timing.parse("0 * * * *", "Mars/Olympus"))
        .isInstanceOf(FreshetException.class)
        .hasMessage("time zone \"Mars/Olympus\" not recognized");
  }

  @Test
  void hasNoTimeForWhatNoDayMatchesOrAnotherViewDecides() {
    Instant now = Instant.parse("2026-03-28T12:03:00Z");
    assertThat(Timing.parse("0 0 30 2 *", "UTC").next(now)).isEmpty();
    assertThat(Timing.parse("after upstream", "UTC").next(now)).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          30 seconds  | 2026-03-28T12:03:00Z | 2026-03-28T12:03:30Z
          0 0 $ * *   | 2026-02-01T00:00:00Z | 2026-02-28T00:00:00Z
          */5 * * * * | 2026-03-28T12:03:00Z | 2026-03-28T12:05:00Z
          """)
  void readsTheFormsOfPgCron(String text, Instant now, Instant next) {
    assertThat(Timing.parsePgCron(text).next(now)).contains(next);
  }
}
