package dev.freshet.app.command;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a time span with its unit, as PostgreSQL's settings have it: `500ms`, `90 s`, `10min`.
final class TimeSpan implements ITypeConverter<Duration> {
  private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9}) ?(ms|s|min|h|d)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "min", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS);

  @Override
  public Duration convert(String value) {
    Matcher shape = SHAPE.matcher(value.strip());
    if (value.strip().equals("0")) {
      return Duration.ZERO;
    }
    ChronoUnit unit = shape.matches() ? UNITS.get(shape.group(2)) : null;
    if (unit == null) {
      throw new TypeConversionException(
          "invalid time span \"%s\"; write a number with ms, s, min, h or d".formatted(value));
    }
    return Duration.of(Long.parseLong(shape.group(1)), unit);
  }
}
