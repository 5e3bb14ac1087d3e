package dev.freshet.compiler.sql;

import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.SourcePosition;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the value of an option by its type; a wrong one is refused at its place.
final class OptionValues {
  private OptionValues() {}

  static String oneOf(OptionSetting setting, List<String> values) {
    if (!values.contains(setting.value())) {
      String hint =
          values.size() == 1
              ? "The only value is \"" + values.getFirst() + "\"."
              : Nearest.hint(setting.value(), values);
      throw invalid(setting, 0, invalidMessage(setting), hint);
    }
    return setting.value();
  }

  static boolean bool(OptionSetting setting) {
    return switch (setting.value().toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes", "1" -> true;
      case "false", "off", "no", "0" -> false;
      default -> throw invalid(setting, 0, invalidMessage(setting), "Write \"true\" or \"false\".");
    };
  }

  static int integer(OptionSetting setting, int lowest, int highest) {
    int value;
    try {
      value = Integer.parseInt(setting.value().strip());
    } catch (NumberFormatException e) {
      throw invalid(setting, 0, invalidMessage(setting), "Write a whole number.");
    }
    if (value < lowest || value > highest) {
      throw outOfBounds(setting, String.valueOf(lowest), String.valueOf(highest));
    }
    return value;
  }

  static Duration duration(OptionSetting setting, Duration lowest, Duration highest) {
    Optional<Duration> value = DurationText.parse(setting.value());
    if (value.isEmpty()) {
      String hint = "Write a number with a unit: \"40 ms\", \"5 s\", \"10 minutes\".";
      throw invalid(setting, 0, invalidMessage(setting), hint);
    }
    if (value.get().compareTo(lowest) < 0 || value.get().compareTo(highest) > 0) {
      throw outOfBounds(setting, DurationText.print(lowest), DurationText.print(highest));
    }
    return value.get();
  }

  /// `50-200 ms`, `50 ms - 1 s` or one duration for both bounds.
  static ViewOptions.DelayRange delayRange(OptionSetting setting) {
    String[] bounds = setting.value().split("-", -1);
    Optional<Duration> longest = DurationText.parse(bounds[bounds.length - 1]);
    String unit = bounds[bounds.length - 1].replaceAll("[\\d.\\s]", "");
    Optional<Duration> shortest =
        DurationText.parse(bounds[0]).or(() -> DurationText.parse(bounds[0] + unit));
    boolean valid = bounds.length <= 2 && shortest.isPresent() && longest.isPresent();
    if (!valid) {
      String hint = "Write two durations: \"50-200 ms\".";
      throw invalid(setting, 0, invalidMessage(setting), hint);
    }
    if (shortest.get().compareTo(longest.get()) > 0) {
      throw invalid(setting, 0, invalidMessage(setting), "Write the shorter duration first.");
    }
    if (longest.get().compareTo(Duration.ofMinutes(10)) > 0) {
      throw outOfBounds(setting, "0 ms", "10 min");
    }
    return new ViewOptions.DelayRange(shortest.get(), longest.get());
  }

  static ZoneId zone(OptionSetting setting) {
    try {
      return ZoneId.of(setting.value());
    } catch (DateTimeException e) {
      String message = "time zone \"" + setting.value() + "\" not recognized";
      throw invalid(setting, 0, message, "Write a name such as \"Europe/Berlin\" or \"UTC\".");
    }
  }

  /// A condition that is one SQL expression.
  static String condition(OptionSetting setting) {
    try {
      Grammar.expression(SqlText.of(setting.value()));
      return setting.value();
    } catch (CompileException e) {
      throw within(setting, e.problem());
    }
  }

  /// A procedure's name, with or without empty parentheses.
  static QualifiedName procedure(OptionSetting setting) {
    try {
      return QualifiedName.parse(setting.value().replaceFirst("\\(\\s*\\)\\s*$", ""));
    } catch (CompileException e) {
      throw within(setting, e.problem());
    }
  }

  /// A problem inside a value, shown where the value stands.
  private static CompileException within(OptionSetting setting, Problem problem) {
    SourcePosition inner = problem.position();
    int offset = inner == null ? 0 : setting.value().offsetByCodePoints(0, inner.character() - 1);
    return new CompileException(
        problem
            .withDetail("In the value of " + setting.name() + ".")
            .at(setting.valuePosition(offset)));
  }

  static CompileException invalid(
      OptionSetting setting, int offset, String message, @Nullable String hint) {
    Problem problem = Problem.of("22023", message).withHint(hint);
    return new CompileException(problem.at(setting.valuePosition(offset)));
  }

  static String invalidMessage(OptionSetting setting) {
    return "invalid value for option \"" + setting.name() + "\": \"" + setting.value() + "\"";
  }

  private static CompileException outOfBounds(
      OptionSetting setting, String lowest, String highest) {
    Problem problem =
        Problem.of(
                "22023",
                "value \""
                    + setting.value()
                    + "\" out of bounds for option \""
                    + setting.name()
                    + "\"")
            .withDetail("Valid values are between \"" + lowest + "\" and \"" + highest + "\".");
    return new CompileException(problem.at(setting.valuePosition(0)));
  }
}
