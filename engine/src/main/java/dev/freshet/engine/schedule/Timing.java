package dev.freshet.engine.schedule;

import com.cronutils.model.time.ExecutionTime;
import dev.freshet.FreshetException;
import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.Schedule;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.stream.Stream;

/// A schedule by the clock of a time zone: knows when it is due next.
///
/// A time of a cron schedule that a change to summer time leaves out comes later by the length of
/// the gap; one that the change back repeats comes at its first pass, unless the schedule names
/// every hour. An interval is due each time that a whole number of them has passed since 1970-01-01
/// 00:00 UTC, so every daemon computes the same moments and `every 1 day` means midnight UTC.
///
/// @param schedule as the options have it
/// @param zone for cron schedules
record Timing(Schedule schedule, ZoneId zone) {

  /// Reads the options of a view.
  ///
  /// @throws FreshetException 22023 if the text or the zone is none
  static Timing parse(String text, String zone) {
    return new Timing(scheduleOf(text), zoneOf(zone));
  }

  /// Reads a schedule of extension pg_cron: GMT, and `$` for the last day of a month.
  ///
  /// @throws FreshetException 22023 if the text is none
  static Timing parsePgCron(String text) {
    return parse(text.replace('$', 'L'), "GMT");
  }

  /// The first moment after `now`; empty if no moment of time makes it due.
  Optional<Instant> next(Instant now) {
    return switch (schedule) {
      case Schedule.Cron cron -> next(CronFields.timesOf(cron), now.atZone(zone));
      case Schedule.Every(Duration period) -> Optional.of(next(period.toSeconds(), now));
      case Schedule.AfterUpstream() -> Optional.empty();
    };
  }

  private Optional<Instant> next(ExecutionTime times, ZonedDateTime now) {
    return Stream.of(times.nextExecution(now).map(ZonedDateTime::toInstant), inGap(times, now))
        .flatMap(Optional::stream)
        .min(Instant::compareTo);
  }

  private Optional<Instant> inGap(ExecutionTime times, ZonedDateTime now) {
    return times
        .nextExecution(now.toLocalDateTime().atZone(ZoneOffset.UTC))
        .map(ZonedDateTime::toLocalDateTime)
        .filter(this::isLeftOut)
        .map(local -> local.atZone(zone).toInstant());
  }

  private boolean isLeftOut(LocalDateTime local) {
    return zone.getRules().getValidOffsets(local).isEmpty();
  }

  private static Instant next(long seconds, Instant now) {
    long passed = Math.floorDiv(now.getEpochSecond(), seconds);
    return Instant.ofEpochSecond((passed + 1) * seconds);
  }

  private static Schedule scheduleOf(String text) {
    try {
      return Schedule.parse(text);
    } catch (CompileException e) {
      throw new FreshetException(e.problem(), e);
    }
  }

  private static ZoneId zoneOf(String zone) {
    try {
      return ZoneId.of(zone);
    } catch (DateTimeException e) {
      Problem problem = Problem.of("22023", "time zone \"" + zone + "\" not recognized");
      throw new FreshetException(problem, e);
    }
  }
}
