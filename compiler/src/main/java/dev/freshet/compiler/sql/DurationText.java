package dev.freshet.compiler.sql;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as users write them: `40 ms`, `5 minutes`, `1 hour 30 min`, `00:05:00`.
public final class DurationText {
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([a-z]+)\\s*");
  private static final Pattern CLOCK = Pattern.compile("(\\d{1,4}):(\\d{2})(?::(\\d{2}))?");

  /// The units that are printed, the largest first.
  private static final List<Unit> UNITS =
      List.of(
          new Unit("d", 86_400_000),
          new Unit("h", 3_600_000),
          new Unit("min", 60_000),
          new Unit("s", 1_000),
          new Unit("ms", 1));

  private record Unit(String name, long millis) {}

  private DurationText() {}

  /// Reads a duration to the millisecond; empty when the text is none or lacks a unit.
  public static Optional<Duration> parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    Matcher clock = CLOCK.matcher(lower);
    if (clock.matches()) {
      String seconds = clock.group(3) == null ? "0" : clock.group(3);
      return Optional.of(
          Duration.ofHours(Long.parseLong(clock.group(1)))
              .plusMinutes(Long.parseLong(clock.group(2)))
              .plusSeconds(Long.parseLong(seconds)));
    }
    return parseParts(lower);
  }

  /// The shortest exact form: `40 ms`, `5 min`.
  public static String print(Duration duration) {
    long millis = duration.toMillis();
    return UNITS.stream()
        .filter(unit -> millis % unit.millis == 0 && millis >= unit.millis)
        .findFirst()
        .map(unit -> millis / unit.millis + " " + unit.name)
        .orElse("0 ms");
  }

  /// Two durations as `50 ms - 200 ms`.
  static String range(Duration shortest, Duration longest) {
    return print(shortest) + " - " + print(longest);
  }

  private static Optional<Duration> parseParts(String text) {
    Matcher part = PART.matcher(text);
    BigDecimal millis = BigDecimal.ZERO;
    int end = 0;
    while (part.find(end) && part.start() == end) {
      Optional<Long> unit = unitMillis(part.group(2));
      if (unit.isEmpty() || part.group(1).length() > 15) {
        return Optional.empty();
      }
      millis = millis.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit.get())));
      end = part.end();
    }
    return end == 0 || end < text.length()
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(millis.setScale(0, RoundingMode.HALF_UP).longValueExact()));
  }

  /// The length of a unit in milliseconds.
  static Optional<Long> unitMillis(String unit) {
    return switch (unit) {
      case "ms", "msec", "msecs", "millisecond", "milliseconds" -> Optional.of(1L);
      case "s", "sec", "secs", "second", "seconds" -> Optional.of(1_000L);
      case "m", "min", "mins", "minute", "minutes" -> Optional.of(60_000L);
      case "h", "hr", "hrs", "hour", "hours" -> Optional.of(3_600_000L);
      case "d", "day", "days" -> Optional.of(86_400_000L);
      default -> Optional.empty();
    };
  }
}
