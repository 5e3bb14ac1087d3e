package dev.freshet.compiler.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.compiler.sql.Statement.CreateMaterializedView;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewOptionsTest {
  private static ViewOptions options(String list) {
    String text = "CREATE MATERIALIZED VIEW v\nWITH (" + list + ")\nAS SELECT 1";
    CreateMaterializedView view = ViewFile.parse("v.sql", text).views().getFirst();
    return ViewOptions.of(view.clauses().options());
  }

  private static String refusal(String list) {
    return Refused.text(() -> options(list));
  }

  @Test
  void hasTheDefaultsOfTheReference() {
    ViewOptions options = ViewOptions.of(List.of());
    assertThat(options.refresh()).isEqualTo(RefreshStrategy.AUTO);
    assertThat(options.scheduling())
        .isEqualTo(new ViewOptions.Scheduling(null, ZoneOffset.UTC, null, 3));
    assertThat(options.publishing().lockTimeout()).isEqualTo(Duration.ofMillis(40));
    assertThat(options.publishing().lockAttempts()).isEqualTo(20);
    assertThat(options.publishing().delay().shortest()).isEqualTo(Duration.ofMillis(50));
    assertThat(options.publishing().delay().longest()).isEqualTo(Duration.ofMillis(200));
    assertThat(options.topOff().check()).isEqualTo(ViewOptions.Check.SAMPLE);
    assertThat(options.unlogged()).isFalse();
    assertThat(options.settings()).isEmpty();
    assertThat(options.sql()).isEmpty();
  }

  @Test
  void keepsWhatWasSetInCanonicalForm() {
    ViewOptions options =
        options(
            """
            freshet.unlogged, freshet.refresh = swap, freshet.schedule = 'EVERY  300 seconds',
            freshet.time_zone = 'Europe/Berlin', freshet.timeout = '1 hour 30 minutes',
            freshet.retries = 0, freshet.lock_timeout = '40ms', freshet.lock_attempts = '5',
            freshet.lock_delay = '50-200 ms', freshet.check = full, freshet.reads = stored,
            freshet.top_off_where = 'd >= current_date'\
            """);
    assertThat(options.sql())
        .hasValue(
            "WITH (freshet.refresh = 'swap', freshet.schedule = 'every 5 minutes',"
                + " freshet.time_zone = 'Europe/Berlin', freshet.timeout = '90 min',"
                + " freshet.retries = '0', freshet.lock_timeout = '40 ms',"
                + " freshet.lock_attempts = '5', freshet.lock_delay = '50 ms - 200 ms',"
                + " freshet.top_off_where = 'd >= current_date', freshet.check = 'full',"
                + " freshet.unlogged = 'true', freshet.reads = 'stored')");
    assertThat(ViewOptions.of(options.settings())).isEqualTo(options);
    assertThat(options.scheduling().timeZone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(options.topOff().where()).isEqualTo("d >= current_date");
  }

  @Test
  void readsAProcedure() {
    assertThat(options("freshet.top_off_call = 'Sales.\"Top Off\"()'").topOff().call())
        .isEqualTo(new QualifiedName("sales", "Top Off"));
  }

  @Test
  void suggestsTheNearestName() {
    assertThat(refusal("freshet.unlogged, freshet.refesh = 'full'"))
        .isEqualTo(
            """
            v.sql:2: ERROR:  unknown option "freshet.refesh"
            LINE 2: WITH (freshet.unlogged, freshet.refesh = 'full')
                                            ^
            HINT:  Did you mean "freshet.refresh"?\
            """);
    assertThat(refusal("freshet.colour = 'red'"))
        .endsWith(
            "\nHINT:  Known are "
                + "freshet.refresh, freshet.schedule, freshet.time_zone,"
                + " freshet.timeout, freshet.retries, freshet.lock_timeout, freshet.lock_attempts,"
                + " freshet.lock_delay, freshet.top_off_where, freshet.top_off_call, freshet.check,"
                + " freshet.max_pending_rows, freshet.on_error, freshet.shards, freshet.unlogged, freshet.reads,"
                + " freshet.hidden_state.");
  }

  @Test
  void suggestsTheNearestStrategy() {
    assertThat(refusal("freshet.refresh = 'concurrently'"))
        .isEqualTo(
            """
            v.sql:2: ERROR:  invalid value for option "freshet.refresh": "concurrently"
            LINE 2: WITH (freshet.refresh = 'concurrently')
                                             ^
            HINT:  Did you mean "concurrent"?\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "freshet.lag = '5 s' | option \"freshet.lag\" is not supported yet",
        "freshet.group = g | option \"freshet.group\" is not supported yet"
      })
  void refusesWhatComesLater(String list, String message) {
    var problem = Refused.problem(() -> options(list));
    assertThat(problem.sqlState()).isEqualTo("0A000");
    assertThat(problem.message()).isEqualTo(message);
    assertThat(problem.position()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "freshet.lock_timeout = 40 | invalid value for option \"freshet.lock_timeout\": \"40\"",
        "freshet.lock_timeout = '0 ms' | value \"0 ms\" out of bounds for option"
            + " \"freshet.lock_timeout\"",
        "freshet.lock_timeout = '1 h' | value \"1 h\" out of bounds for option"
            + " \"freshet.lock_timeout\"",
        "freshet.lock_attempts = -1 | value \"-1\" out of bounds for option"
            + " \"freshet.lock_attempts\"",
        "freshet.retries = 1.5 | invalid value for option \"freshet.retries\": \"1.5\"",
        "freshet.lock_delay = '200-50 ms' | invalid value for option \"freshet.lock_delay\":"
            + " \"200-50 ms\"",
        "freshet.lock_delay = '1-2-3 ms' | invalid value for option \"freshet.lock_delay\": \"1-2-3"
            + " ms\"",
        "freshet.unlogged = maybe | invalid value for option \"freshet.unlogged\": \"maybe\"",
        "freshet.timeout = soon | invalid value for option \"freshet.timeout\": \"soon\"",
        "freshet.time_zone = 'Mars/Base' | time zone \"Mars/Base\" not recognized",
        "freshet.check = some | invalid value for option \"freshet.check\": \"some\"",
        "freshet.refresh = 'top-off' | refresh strategy \"top-off\" needs to know what to top off",
        "freshet.top_off_where = 'true', freshet.top_off_call = p | freshet.top_off_where and"
            + " freshet.top_off_call exclude each other",
        "freshet.check = full, freshet.check = off | parameter \"freshet.check\" specified more"
            + " than once",
        "fresht.check = full | unrecognized parameter namespace \"fresht\""
      })
  void refusesWrongValues(String list, String message) {
    var problem = Refused.problem(() -> options(list));
    assertThat(problem.sqlState()).isEqualTo("22023");
    assertThat(problem.message()).isEqualTo(message);
    assertThat(problem.position()).isNotNull();
  }

  @Test
  void pointsIntoAConditionThatIsNotSql() {
    assertThat(refusal("freshet.top_off_where = 'd >= = 1'"))
        .isEqualTo(
            """
            v.sql:2: ERROR:  syntax error at or near "="
            LINE 2: WITH (freshet.top_off_where = 'd >= = 1')
                                                        ^
            DETAIL:  In the value of freshet.top_off_where.\
            """);
    assertThat(refusal("freshet.top_off_where = 'true; DROP TABLE t'"))
        .contains("syntax error at or near \";\"");
    assertThat(refusal("freshet.top_off_call = 'p(1)'")).contains("syntax error at or near \"(\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/5 * * * * | */5 * * * *",
        "0  2 1-15/2,20 JAN,3 mon-FRI | 0 2 1-15/2,20 1,3 1-5",
        "0 0 * * 7 | 0 0 * * 7",
        "0 0 l * * | 0 0 L * *",
        "every 86400 s | every 1 day",
        "@hourly | 0 * * * *",
        "every 5 minutes | every 5 minutes",
        "every minute | every 1 minute",
        "30 seconds | every 30 seconds",
        "every 2 hours | every 2 hours",
        "After Upstream | after upstream"
      })
  void readsSchedules(String written, String canonical) {
    Schedule schedule = Schedule.parse(written);
    assertThat(schedule.text()).isEqualTo(canonical);
    assertThat(Schedule.parse(canonical)).isEqualTo(schedule);
    assertThat(ViewOptions.of(Map.of("freshet.schedule", written)).scheduling().schedule())
        .isEqualTo(schedule);
  }

  @Test
  void pointsAtTheWrongFieldOfASchedule() {
    assertThat(refusal("freshet.schedule = '*/5 24 * * *'"))
        .isEqualTo(
            """
            v.sql:2: ERROR:  invalid hour "24" in the schedule
            LINE 2: WITH (freshet.schedule = '*/5 24 * * *')
                                                  ^
            HINT:  The hour is between 0 and 23.\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "* * * * | invalid schedule \"* * * *\"",
        "* * * * * * | invalid schedule \"* * * * * *\"",
        "60 * * * * | invalid minute \"60\" in the schedule",
        "*/0 * * * * | invalid minute \"*/0\" in the schedule",
        "5-1 * * * * | invalid minute \"5-1\" in the schedule",
        "1, * * * * | invalid minute \"\" in the schedule",
        "* * 0 * * | invalid day of the month \"0\" in the schedule",
        "* * * foo * | invalid month \"foo\" in the schedule",
        "* * * * 8 | invalid day of the week \"8\" in the schedule",
        "every so often | invalid schedule \"every so often\"",
        "every 10 ms | schedule \"every 10 ms\" is not a number of whole seconds"
      })
  void refusesWrongSchedules(String written, String message) {
    assertThat(Refused.problem(() -> Schedule.parse(written)).message()).isEqualTo(message);
  }
}
