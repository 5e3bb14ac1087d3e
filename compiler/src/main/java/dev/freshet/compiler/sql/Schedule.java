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

  /// Five fields: minute, hour, day of the month (`L` is the last), month, day of the week (0 and 7
  /// are Sunday); no words.
  record Cron(String text) implements Schedule {}

  /// A fixed distance between the starts of two refreshes.
  ///
  /// @param period whole seconds
  record Every(Duration period) implements Schedule {
    @Override
    public String text() {
      long seconds = period.toSeconds();
      if (seconds % 86_400 == 0) {
        return text(seconds / 86_400, "day");
      } else if (seconds % 3_600 == 0) {
        return text(seconds / 3_600, "hour");
      }
      return seconds % 60 == 0 ? text(seconds / 60, "minute") : text(seconds, "second");
    }

    private static String text(long count, String unit) {
      return "every " + count + " " + unit + (count == 1 ? "" : "s");
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
