package dev.freshet.engine.schedule;

import com.cronutils.model.time.ExecutionTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.stream.Stream;

/// When a view is refreshed without being asked: the meaning of option `freshet.schedule`.
public sealed interface Schedule {

  /// The first moment of this schedule after `now`; empty if no moment of time makes it due.
  Optional<Instant> next(Instant now);

  /// Reads an option, such as `*/5 * * * *`, `@hourly`, `every 5 minutes` or `after upstream`.
  ///
  /// @param zone time zone for cron expressions, such as `Europe/Berlin`
  /// @throws dev.freshet.FreshetException 22023 if the text or the zone is none
  static Schedule parse(String text, String zone) {
    return ScheduleText.parse(text, zone);
  }

  /// At the minutes that a cron expression names, by the clock of a time zone.
  ///
  /// A time that a change to summer time leaves out comes later by the length of the gap; one that
  /// the change back repeats comes at its first pass, unless the expression names every hour.
  ///
  /// @param times the parsed expression
  record Cron(ExecutionTime times, ZoneId zone) implements Schedule {
    @Override
    public Optional<Instant> next(Instant now) {
      ZonedDateTime start = now.atZone(zone);
      return Stream.of(times.nextExecution(start).map(ZonedDateTime::toInstant), inGap(start))
          .flatMap(Optional::stream)
          .min(Instant::compareTo);
    }

    private Optional<Instant> inGap(ZonedDateTime start) {
      return times
          .nextExecution(start.toLocalDateTime().atZone(ZoneOffset.UTC))
          .map(ZonedDateTime::toLocalDateTime)
          .filter(this::isLeftOut)
          .map(local -> local.atZone(zone).toInstant());
    }

    private boolean isLeftOut(LocalDateTime local) {
      return zone.getRules().getValidOffsets(local).isEmpty();
    }
  }

  /// Each time that a whole number of intervals has passed since 1970-01-01 00:00 UTC, so that
  /// every daemon computes the same moments and `every 1 day` means midnight UTC.
  record Every(Duration interval) implements Schedule {
    public Every {
      if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException("an interval is one second or more");
      }
    }

    @Override
    public Optional<Instant> next(Instant now) {
      long seconds = interval.toSeconds();
      long passed = Math.floorDiv(now.getEpochSecond(), seconds);
      return Optional.of(Instant.ofEpochSecond((passed + 1) * seconds));
    }
  }

  /// Soon after a refresh of any view that this view reads.
  record AfterUpstream() implements Schedule {
    @Override
    public Optional<Instant> next(Instant now) {
      return Optional.empty();
    }
  }
}
