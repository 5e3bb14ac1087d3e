package dev.freshet.engine.schedule;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.Schedule;

/// The times of the five fields of cron. If both the day of the month and the day of the week are
/// restricted, either makes a day match, as in Unix.
final class CronFields {
  private static final CronDefinition FIELDS =
      CronDefinitionBuilder.defineCron()
          .withMinutes()
          .and()
          .withHours()
          .and()
          .withDayOfMonth()
          .supportsL()
          .and()
          .withMonth()
          .and()
          .withDayOfWeek()
          .withValidRange(0, 7)
          .withMondayDoWValue(1)
          .withIntMapping(7, 0)
          .and()
          .instance();

  private CronFields() {}

  /// Throws [FreshetException] 22023 for a field that no time can match, such as `*/90`.
  static ExecutionTime timesOf(Schedule.Cron cron) {
    try {
      return ExecutionTime.forCron(new CronParser(FIELDS).parse(cron.text()).validate());
    } catch (IllegalArgumentException e) {
      Problem problem = Problem.of("22023", "invalid schedule \"" + cron.text() + "\"");
      throw new FreshetException(problem.withDetail(e.getMessage()), e);
    }
  }
}
