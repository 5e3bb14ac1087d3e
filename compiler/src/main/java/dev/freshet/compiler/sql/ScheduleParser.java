package dev.freshet.compiler.sql;

import dev.freshet.compiler.CompileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads schedules: cron with five fields, `every 5 minutes`, `after upstream`.
final class ScheduleParser {
  private static final Pattern WORD = Pattern.compile("\\S+");
  private static final Pattern ITEM = Pattern.compile("(\\*|(\\w+)(?:-(\\w+))?)(?:/(\\d+))?");
  private static final String HINT =
      "Write five cron fields as in '*/5 * * * *', 'every 5 minutes' or 'after upstream'.";

  private static final List<Field> FIELDS =
      List.of(
          new Field("minute", 0, 59, List.of()),
          new Field("hour", 0, 23, List.of()),
          new Field("day of the month", 1, 31, List.of()),
          new Field(
              "month",
              1,
              12,
              List.of(
                  "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                  "dec")),
          new Field(
              "day of the week", 0, 7, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat")));

  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private final OptionSetting setting;

  private ScheduleParser(OptionSetting setting) {
    this.setting = setting;
  }

  static Schedule parse(OptionSetting setting) {
    String text = setting.value().strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    if (text.equals("after upstream")) {
      return new Schedule.AfterUpstream();
    }
    if (NICKNAMES.containsKey(text)) {
      return new Schedule.Cron(NICKNAMES.getOrDefault(text, text));
    }
    ScheduleParser parser = new ScheduleParser(setting);
    return text.startsWith("every ") || DurationText.parse(text).isPresent()
        ? parser.readEvery(text.replaceFirst("^every ", ""))
        : parser.readCron();
  }

  private Schedule readEvery(String period) {
    Optional<Duration> duration =
        DurationText.unitMillis(period)
            .map(Duration::ofMillis)
            .or(() -> DurationText.parse(period));
    if (duration.isEmpty()) {
      throw OptionValues.invalid(setting, 0, "invalid schedule \"" + setting.value() + "\"", HINT);
    }
    if (duration.get().toSeconds() < 1 || duration.get().toMillisPart() > 0) {
      String message = "schedule \"" + setting.value() + "\" is not a number of whole seconds";
      throw OptionValues.invalid(setting, 0, message, null);
    }
    return new Schedule.Every(duration.get());
  }

  private Schedule readCron() {
    List<String> fields = new ArrayList<>();
    Matcher word = WORD.matcher(setting.value());
    while (word.find()) {
      if (fields.size() == FIELDS.size()) {
        throw notFiveFields(word.start());
      }
      fields.add(FIELDS.get(fields.size()).canonical(this, word.group(), word.start()));
    }
    if (fields.size() < FIELDS.size()) {
      throw notFiveFields(0);
    }
    return new Schedule.Cron(String.join(" ", fields));
  }

  private CompileException notFiveFields(int offset) {
    String message = "invalid schedule \"" + setting.value() + "\"";
    return OptionValues.invalid(setting, offset, message, HINT);
  }

  /// One field of a cron schedule.
  ///
  /// @param names words for the values from `lowest` on
  private record Field(String label, int lowest, int highest, List<String> names) {

    /// The field with its words as numbers; each item of its list is checked.
    String canonical(ScheduleParser parser, String text, int offset) {
      List<String> items = new ArrayList<>();
      int start = offset;
      for (String item : text.split(",", -1)) {
        items.add(canonicalItem(parser, item, start));
        start += item.length() + 1;
      }
      return String.join(",", items);
    }

    private String canonicalItem(ScheduleParser parser, String item, int offset) {
      if (this.equals(FIELDS.get(2)) && item.equalsIgnoreCase("l")) {
        return "L";
      }
      Matcher matcher = ITEM.matcher(item);
      if (!matcher.matches()) {
        throw invalid(parser, item, offset);
      }
      String step = matcher.group(4) == null ? "" : "/" + matcher.group(4);
      boolean single = matcher.group(2) != null && matcher.group(3) == null;
      if (step.equals("/0") || (single && !step.isEmpty())) {
        throw invalid(parser, item, offset);
      }
      return (matcher.group(2) == null ? "*" : range(parser, matcher, item, offset)) + step;
    }

    private String range(ScheduleParser parser, Matcher matcher, String item, int offset) {
      int first = value(parser, matcher.group(2), item, offset);
      if (matcher.group(3) == null) {
        return String.valueOf(first);
      }
      int last = value(parser, matcher.group(3), item, offset);
      if (last < first) {
        throw invalid(parser, item, offset);
      }
      return first + "-" + last;
    }

    private int value(ScheduleParser parser, String text, String item, int offset) {
      int name = names.indexOf(text.toLowerCase(Locale.ROOT));
      int value =
          name >= 0 ? name + lowest : text.matches("\\d{1,2}") ? Integer.parseInt(text) : -1;
      if (value < lowest || value > highest) {
        throw invalid(parser, item, offset);
      }
      return value;
    }

    private CompileException invalid(ScheduleParser parser, String item, int offset) {
      String message = "invalid " + label + " \"" + item + "\" in the schedule";
      String hint = "The " + label + " is between " + lowest + " and " + highest + ".";
      return OptionValues.invalid(parser.setting, offset, message, hint);
    }
  }
}
