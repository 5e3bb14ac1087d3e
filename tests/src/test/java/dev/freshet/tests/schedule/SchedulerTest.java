package dev.freshet.tests.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Freshet;
import dev.freshet.engine.schedule.Scheduler;
import dev.freshet.tests.server.Await;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What daemons do with the schedules of views.
final class SchedulerTest {
  private TestDatabase database;
  private Freshet freshet;

  @BeforeEach
  void createTables() throws SQLException {
    database = TestServer.shared(TestServer.majors().getLast()).createDatabase();
    freshet = Freshet.connect(database.source());
    database.execute(
        """
        CREATE TABLE t (a integer);
        INSERT INTO t VALUES (1), (2);
        CREATE FUNCTION gate() RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN 1; END $$\
        """);
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    database.close();
  }

  @Test
  void twoDaemonsRefreshOnceAtEachDueTime() throws SQLException {
    create("v", "freshet.schedule = 'every 1 second'", "SELECT a FROM t");
    try (Scheduler _ = daemon("one");
        Scheduler _ = daemon("two")) {
      Await.until(database, "SELECT (%s) >= 4".formatted(succeeded("v")), "t");
    }
    assertThat(
            database.strings(
                """
                SELECT date_trunc('second', started_at) FROM freshet.refreshes
                WHERE origin = 'schedule' GROUP BY 1 HAVING count(*) > 1\
                """))
        .isEmpty();
  }

  @Test
  void missedTimesAreMadeUpForByOneRun() throws SQLException {
    create("v", "freshet.schedule = 'every 10 minutes'", "SELECT a FROM t");
    daemon("earlier").close();
    makeDue("v", "1 hour");
    try (Scheduler _ = daemon("later")) {
      Await.until(database, succeeded("v"), "1");
      Await.until(database, "SELECT next_run_at > now() FROM freshet.schedules", "t");
    }
    assertThat(database.string(succeeded("v"))).isEqualTo("1");
  }

  @Test
  void workOfAKilledDaemonIsTakenOver() throws SQLException, IOException, InterruptedException {
    create("v", "freshet.schedule = 'every 1 hour'", "SELECT a, gate() AS g FROM t");
    Process doomed;
    try (Connection _ = closeGate()) {
      doomed = DaemonProcess.start(database.source(), "doomed");
      Await.until(database, "SELECT count(*) FROM freshet.scheduled_tasks", "1");
      makeDue("v", "0 s");
      Await.until(database, "SELECT waiting FROM freshet.schedules", "running on daemon doomed");
      Await.until(database, "SELECT last_outcome FROM freshet.views", "running");
      doomed.destroyForcibly().waitFor();
    }
    try (Scheduler _ = daemon("heir")) {
      Await.until(
          database,
          "SELECT NOT running AND next_run_at > now() AND attempts = 0 FROM freshet.schedules",
          "t");
    }
    assertThat(database.string("SELECT (%s) >= 1".formatted(succeeded("v")))).isEqualTo("t");
  }

  @Test
  void aFailureIsRetriedWithBackOffThenGivenUpAndSaid() throws SQLException {
    createThatFails("freshet.schedule = 'every 1 hour', freshet.retries = '2'");
    try (Scheduler _ = daemon("one")) {
      makeDue("v", "0 s");
      Await.until(
          database,
          "SELECT waiting FROM freshet.schedules",
          "gave up after 3 attempts; waits for the next time of the schedule");
      assertThat(database.string("SELECT last_error FROM freshet.schedules"))
          .isEqualTo("division by zero");
      assertThat(database.strings(waitsBetweenFailures())).containsExactly("t", "t");
      database.execute("UPDATE t SET a = 1");
      makeDue("v", "0 s");
      Await.until(
          database,
          "SELECT concat(attempts, ' ', last_error, waiting) FROM freshet.schedules",
          "0 waits for the next time of the schedule");
    }
  }

  /// One row for each wait: at least 200 ms, then at least 400 ms.
  private static String waitsBetweenFailures() {
    return """
    SELECT started_at - earlier >= interval '200 ms' * (n - 1) FROM (
      SELECT started_at, lag(finished_at) OVER (ORDER BY id) AS earlier, row_number() OVER (ORDER BY id) AS n
      FROM freshet.refreshes WHERE outcome = 'failed') f
    WHERE earlier IS NOT NULL ORDER BY n\
    """;
  }

  @Test
  void aRefreshLongerThanItsTimeoutFails() throws SQLException {
    create(
        "v",
        "freshet.schedule = 'every 1 hour', freshet.timeout = '200 ms', freshet.retries = '0'",
        "SELECT a, gate() AS g FROM t");
    try (Connection _ = closeGate();
        Scheduler _ = daemon("one")) {
      makeDue("v", "0 s");
      Await.until(
          database,
          "SELECT last_error FROM freshet.schedules",
          "canceling statement due to statement timeout");
    }
  }

  @Test
  void aViewAfterUpstreamFollowsItsSource() throws SQLException {
    create("u", "freshet.refresh = 'full'", "SELECT a FROM t");
    create("v", "freshet.schedule = 'after upstream'", "SELECT sum(a) AS total FROM u");
    try (Scheduler _ = daemon("one")) {
      Await.until(
          database, "SELECT waiting FROM freshet.schedules", "waits for a refresh of public.u");
      database.execute("INSERT INTO t VALUES (39)");
      freshet.refresh("u");
      Await.until(database, succeeded("v"), "1");
    }
    assertThat(database.string("SELECT total FROM v")).isEqualTo("42");
    assertThat(database.string("SELECT count(*) FROM freshet.refreshes WHERE view = 'public.u'"))
        .as("the source was not refreshed once more")
        .isEqualTo("2");
  }

  @Test
  void viewsAfterOneThatFailedAreMarked() throws SQLException {
    createThatFails("freshet.schedule = 'every 1 hour', freshet.retries = '0'");
    create("w", "freshet.schedule = 'after upstream'", "SELECT count(*) AS n FROM v");
    create("x", "freshet.schedule = 'after upstream'", "SELECT n FROM w");
    try (Scheduler _ = daemon("one")) {
      makeDue("v", "0 s");
      Await.until(
          database, "SELECT last_outcome FROM freshet.views WHERE view = 'public.x'", "skipped");
    }
    assertThat(
            database.strings(
                """
                SELECT concat(view, ': ', error, ' / ', detail) FROM freshet.refreshes
                WHERE outcome = 'skipped' ORDER BY view\
                """))
        .containsExactly(
            "public.w: a source of the view could not be refreshed"
                + " / The source is public.v: division by zero.",
            "public.x: a source of the view could not be refreshed"
                + " / The source is public.v: division by zero.");
    assertThat(database.string("SELECT waiting FROM freshet.schedules WHERE view = 'public.w'"))
        .isEqualTo("source public.v failed");
  }

  @Test
  void aChangedScheduleIsNoticed() throws SQLException {
    create("v", "freshet.schedule = 'every 1 hour'", "SELECT a FROM t");
    try (Scheduler _ = daemon("one")) {
      Await.until(database, nextRunAt("extract(minute FROM next_run_at)"), "0");
      create(
          "v",
          "freshet.schedule = '7 0 1 1 *', freshet.time_zone = 'Asia/Kolkata'",
          "SELECT a FROM t");
      Await.until(
          database,
          nextRunAt("to_char(next_run_at AT TIME ZONE 'Asia/Kolkata', 'MM-DD HH24:MI')"),
          "01-01 00:07");
      create("v", "freshet.refresh = 'full'", "SELECT a FROM t");
      Await.until(database, "SELECT count(*) FROM freshet.scheduled_tasks", "0");
    }
  }

  /// Owners may write the options of their views, so a daemon may meet any text there.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"schedule": "*/90 * * * *", "retries": "many"}       | invalid schedule "*/90 * * * *"
          {"schedule": "0 0 30 2 *"}                            | no day matches the schedule "0 0 30 2 *"
          {"schedule": "@daily", "time_zone": "Mars/Olympus"}   | time zone "Mars/Olympus" not recognized
          {"schedule": {"a": 1}}                                | invalid minute "{"a":" in the schedule
          """)
  void aScheduleThatCannotBeFollowedSaysWhyAndStopsNoOther(String options, String reason)
      throws SQLException {
    create("v", "freshet.schedule = 'every 1 second'", "SELECT a FROM t");
    create("bad", "freshet.refresh = 'full'", "SELECT a FROM t");
    database.execute(
        "UPDATE freshet.materialized_views SET options = '%s' WHERE relation = 'bad'::regclass"
            .formatted(options));
    try (Scheduler _ = daemon("one")) {
      Await.until(
          database, "SELECT waiting FROM freshet.schedules WHERE view = 'public.bad'", reason);
      Await.until(database, "SELECT (%s) >= 1".formatted(succeeded("v")), "t");
    }
  }

  @Test
  void aDaemonThatStopsCancelsWhatRunsAndLeavesItDue() throws SQLException {
    create("v", "freshet.schedule = 'every 1 hour'", "SELECT a, gate() AS g FROM t");
    try (Connection _ = closeGate()) {
      try (Scheduler _ = daemon("one")) {
        makeDue("v", "0 s");
        Await.until(database, "SELECT last_outcome FROM freshet.views", "running");
      }
      assertThat(database.string("SELECT last_outcome FROM freshet.views")).isEqualTo("failed");
      assertThat(
              database.string(
                  "SELECT NOT running AND next_run_at <= now() AND attempts = 0 FROM"
                      + " freshet.schedules"))
          .isEqualTo("t");
    }
  }

  private Scheduler daemon(String name) {
    return Daemons.start(database.source(), name);
  }

  private void create(String name, String options, String query) {
    freshet.create("CREATE MATERIALIZED VIEW %s WITH (%s) AS %s".formatted(name, options, query));
  }

  /// Works now; its next refresh divides by zero.
  private void createThatFails(String options) throws SQLException {
    create("v", options, "SELECT 1 / a AS n FROM t");
    database.execute("UPDATE t SET a = 0");
  }

  /// While the connection is open, calls of `gate()` wait.
  private Connection closeGate() throws SQLException {
    Connection connection = database.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(1)");
    }
    return connection;
  }

  /// Waits until the daemon has a task for the view, then moves it to a time before now.
  private void makeDue(String view, String ago) throws SQLException {
    String id =
        database.string("SELECT id FROM freshet.views WHERE view = 'public.%s'".formatted(view));
    String move =
        """
        WITH moved AS (
          UPDATE freshet.scheduled_tasks SET execution_time = now() - interval '%s'
          WHERE task_instance = '%s' AND NOT picked RETURNING 1)
        SELECT count(*) FROM moved\
        """
            .formatted(ago, id);
    Await.until(database, move, "1");
  }

  private static String succeeded(String view) {
    return """
    SELECT count(*) FROM freshet.refreshes
    WHERE view = 'public.%s' AND origin = 'schedule' AND outcome = 'succeeded'\
    """
        .formatted(view);
  }

  private static String nextRunAt(String expression) {
    return "SELECT " + expression + " FROM freshet.schedules";
  }
}
