package dev.freshet.app.show;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Numbers as people read them: durations, ages, sizes, times.
public final class Words {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final String[] SIZE_UNITS = {"bytes", "kB", "MB", "GB", "TB", "PB"};

  private Words() {}

  /// Two units at most: `0.8 ms`, `41 ms`, `1.24 s`, `2 min 5 s`, `3 h 12 min`, `4 d 2 h`.
  public static String duration(Duration duration) {
    double millis = duration.toNanos() / 1e6;
    if (millis < 10) {
      return format("%.1f ms", millis);
    }
    if (millis < 999.5) {
      return format("%.0f ms", millis);
    }
    if (millis < 9_995) {
      return format("%.2f s", millis / 1000);
    }
    return millis < 59_950 ? format("%.1f s", millis / 1000) : age(duration);
  }

  /// As [#duration], but nothing finer than a second.
  public static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3_600) {
      return two(seconds, 60, "min", 1, "s");
    }
    return seconds < 86_400
        ? two(seconds, 3_600, "h", 60, "min")
        : two(seconds, 86_400, "d", 3_600, "h");
  }

  /// As PostgreSQL's `pg_size_pretty`: powers of 1024.
  public static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 10_239.5 && unit < SIZE_UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return format("%.0f ", value) + SIZE_UNITS[unit];
  }

  /// `6,000,000`
  public static String count(long number) {
    return format("%,d", number);
  }

  /// A number with its noun: `1 row`, `2 rows`.
  public static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /// Date and time to the second, in the zone of the terminal.
  public static String time(Instant instant, ZoneId zone) {
    return TIME.format(instant.atZone(zone));
  }

  static String timeOfDay(Instant instant, ZoneId zone) {
    return TIME_OF_DAY.format(instant.atZone(zone));
  }

  /// How many times as fast, such as `240x`, `1.4x`.
  public static String ratio(Duration slow, Duration fast) {
    double ratio = (double) slow.toNanos() / Math.max(1, fast.toNanos());
    return ratio < 10 ? format("%.1fx", ratio) : format("%,.0fx", ratio);
  }

  private static String two(long seconds, long big, String bigUnit, long small, String smallUnit) {
    long rest = seconds % big / small;
    return seconds / big + " " + bigUnit + (rest == 0 ? "" : " " + rest + " " + smallUnit);
  }

  private static String format(String pattern, Object value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
