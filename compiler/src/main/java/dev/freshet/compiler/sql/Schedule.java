package dev.freshet.compiler.sql;

import java.time.Duration;

/// When a view is due.
public sealed interface Schedule {
  /// The canonical text, which reads back as the same schedule.
  String text();

  /// Reads a schedule that stands in no view file, such as a cron job's.
  static Schedule parse(String text) {
    return ScheduleParser.parse(OptionSetting.of("freshet.schedule", text));
  }

  /// Five fields: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday).
  record Cron(String text) implements Schedule {}

  /// A fixed distance between the starts of two refreshes.
  record Every(Duration period) implements Schedule {
    @Override
    public String text() {
      return "every " + DurationText.print(period);
    }
  }

  /// Whenever a managed view that this one reads was refreshed.
  record AfterUpstream() implements Schedule {
    @Override
    public String text() {
      return "after upstream";
    }
  }
}
