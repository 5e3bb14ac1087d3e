package dev.freshet.engine.schedule;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the text of a schedule: `after upstream`, `every N units`, or cron with five fields
/// (names, lists, ranges, steps, `L` for the last day of a month) or a nickname such as `@hourly`.
final class ScheduleText {
  private static final Pattern EVERY =
      Pattern.compile("EVERY (?:(\\d{1,6}) )?(SECOND|MINUTE|HOUR|DAY)S?");
  private static final Pattern PG_CRON_SECONDS = Pattern.compile("[1-9]\\d? SECONDS?");

  private static final CronDefinition FIELDS =
      CronDefinitionBuilder.defineCron()
          .withMinutes()
          .withValidRange(0, 59)
          .withStrictRange()
          .and()
          .withHours()
          .withValidRange(0, 23)
          .withStrictRange()
          .and()
          .withDayOfMonth()
          .withValidRange(1, 31)
          .supportsL()
          .withStrictRange()
          .and()
          .withMonth()
          .withValidRange(1, 12)
          .withStrictRange()
          .and()
          .withDayOfWeek()
          .withValidRange(0, 7)
          .withMondayDoWValue(1)
          .withIntMapping(7, 0)
          .withStrictRange()
          .and()
          .withSupportedNicknameHourly()
          .withSupportedNicknameDaily()
          .withSupportedNicknameMidnight()
          .withSupportedNicknameWeekly()
          .withSupportedNicknameMonthly()
          .withSupportedNicknameYearly()
          .withSupportedNicknameAnnually()
          .instance();

  private ScheduleText() {}

  static Schedule parse(String text, String zone) {
    String plain = plain(text);
    Matcher every = EVERY.matcher(plain);
    if (plain.equals("AFTER UPSTREAM")) {
      return new Schedule.AfterUpstream();
    }
    return every.matches() ? every(text, every) : cron(text, plain, zoneOf(zone));
  }

  /// As extension pg_cron reads it: cron in GMT with `$` for the last day, or `30 seconds`.
  static Schedule parsePgCron(String text) {
    String plain = plain(text);
    if (PG_CRON_SECONDS.matcher(plain).matches()) {
      return parse("every " + plain, "GMT");
    }
    return cron(text, plain.replace('$', 'L'), zoneOf("GMT"));
  }

  private static String plain(String text) {
    return text.strip().toUpperCase(Locale.ROOT).replaceAll("\\s+", " ");
  }

  private static Schedule every(String text, Matcher matcher) {
    long number = matcher.group(1) == null ? 1 : Long.parseLong(matcher.group(1));
    if (number == 0) {
      throw invalid(text, "The interval is zero.");
    }
    Duration unit =
        switch (matcher.group(2).charAt(0)) {
          case 'S' -> Duration.ofSeconds(1);
          case 'M' -> Duration.ofMinutes(1);
          case 'H' -> Duration.ofHours(1);
          default -> Duration.ofDays(1);
        };
    return new Schedule.Every(unit.multipliedBy(number));
  }

  private static Schedule cron(String text, String plain, ZoneId zone) {
    String expression = plain.startsWith("@") ? plain.toLowerCase(Locale.ROOT) : plain;
    try {
      return new Schedule.Cron(
          ExecutionTime.forCron(new CronParser(FIELDS).parse(expression).validate()), zone);
    } catch (IllegalArgumentException e) {
      throw invalid(text, detail(e));
    }
  }

  private static String detail(IllegalArgumentException e) {
    String message =
        String.valueOf(e.getMessage()).replace("Failed to parse cron expression. ", "");
    return message.matches(".*[.!?]") ? message : message + ".";
  }

  private static ZoneId zoneOf(String zone) {
    try {
      return ZoneId.of(zone);
    } catch (DateTimeException e) {
      Problem problem = Problem.of("22023", "time zone \"" + zone + "\" not recognized");
      String hint = "Name one of the IANA database, such as \"Europe/Berlin\" or \"UTC\".";
      throw new FreshetException(problem.withHint(hint), e);
    }
  }

  private static FreshetException invalid(String text, String detail) {
    String hint =
        "Write five fields of cron such as \"*/5 * * * *\", \"@hourly\", \"every 5 minutes\" or"
            + " \"after upstream\".";
    Problem problem = Problem.of("22023", "invalid schedule \"" + text + "\"");
    return new FreshetException(problem.withDetail(detail).withHint(hint));
  }
}
