package dev.freshet.tests.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.Freshet;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.install.CronSchema;
import dev.freshet.engine.schedule.Scheduler;
import dev.freshet.tests.server.Await;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// SQL for pg_cron on a database without it, and what a job may do: no more than its owner.
final class CronJobsTest {
  private TestDatabase database;
  private Freshet freshet;

  @BeforeEach
  void createViews() throws SQLException {
    database = TestServer.shared(TestServer.majors().getLast()).createDatabase();
    freshet = Freshet.connect(database.source());
    database.execute(
        """
        CREATE ROLE ada; CREATE ROLE eve;
        CREATE TABLE t (a integer); INSERT INTO t VALUES (1), (2);
        CREATE TABLE secrets (s text)\
        """);
    freshet.create("CREATE MATERIALIZED VIEW v AS SELECT a FROM t; CREATE UNIQUE INDEX ON v (a);");
    try (Session session = Session.open(database.source())) {
      new CronSchema(session).install();
    }
    database.execute("GRANT USAGE ON SCHEMA cron TO ada, eve");
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    database.close();
  }

  /// The statements of seed 000, but for CREATE EXTENSION, which only the extension itself can
  /// serve.
  @Test
  void theStatementsForPgCronRunAsWritten() throws SQLException {
    assertThat(
            database.string(
                """
                SELECT cron.schedule(
                'refresh-revenue-summary',
                '0 * * * *', -- Every hour at :00
                'REFRESH MATERIALIZED VIEW CONCURRENTLY monthly_revenue_summary'
                );\
                """))
        .isEqualTo("1");
    database.execute(
        """
        SELECT cron.schedule('kpi-refresh', '*/5 * * * *',
        'REFRESH MATERIALIZED VIEW CONCURRENTLY dashboard_kpis');
        SELECT cron.schedule('cohort-refresh', '0 2 * * *',
        'REFRESH MATERIALIZED VIEW CONCURRENTLY user_cohort_retention');\
        """);
    assertThat(
            database.strings(
                "SELECT concat_ws('|', jobid, jobname, schedule, nodename, username, active) FROM"
                    + " cron.job ORDER BY 1"))
        .containsExactly(
            "1|refresh-revenue-summary|0 * * * *|localhost|postgres|t",
            "2|kpi-refresh|*/5 * * * *|localhost|postgres|t",
            "3|cohort-refresh|0 2 * * *|localhost|postgres|t");
    assertThat(database.string("SELECT cron.unschedule('refresh-revenue-summary');"))
        .isEqualTo("t");
    assertThat(database.string("SELECT cron.schedule('30 3 * * 6', $$SELECT 1$$)")).isEqualTo("4");
    assertThat(database.string("SELECT cron.unschedule(4)")).isEqualTo("t");
    assertThat(database.string("SELECT cron.schedule('kpi-refresh', '*/6 * * * *', 'SELECT 1')"))
        .as("a name that exists is changed")
        .isEqualTo("2");
    assertThatThrownBy(() -> database.string("SELECT cron.unschedule('none')"))
        .hasMessageContaining("could not find valid entry for job 'none'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          REFRESH MATERIALIZED VIEW CONCURRENTLY v                  | concurrent
          REFRESH MATERIALIZED VIEW public.v WITH DATA              | full
          CALL freshet.refresh('v', strategy => 'swap')             | swap
          /* nightly */ CALL freshet.refresh('public.v');           | auto
          """)
  void aRefreshOfAManagedViewIsTranslated(String command, String strategy) throws SQLException {
    schedule(Optional.empty(), command);
    try (Scheduler _ = Daemons.start(database.source(), "one")) {
      Await.until(
          database,
          "SELECT count(*) >= 1 FROM cron.job_run_details WHERE status = 'succeeded'",
          "t");
    }
    assertThat(
            database.strings(
                "SELECT DISTINCT requested FROM freshet.refreshes WHERE origin = 'cron' AND outcome"
                    + " = 'succeeded'"))
        .containsExactly(strategy);
  }

  @Test
  void jobsOfTheDaemonsRoleMayBeAnything() throws SQLException {
    schedule(Optional.empty(), "INSERT INTO secrets VALUES ('written'); SELECT 1");
    try (Scheduler _ = Daemons.start(database.source(), "one")) {
      Await.until(database, "SELECT count(*) >= 2 FROM secrets", "t");
    }
    assertThat(
            database.string(
                "SELECT bool_and(job_pid > 0) FROM cron.job_run_details WHERE status ="
                    + " 'succeeded'"))
        .isEqualTo("t");
  }

  @Test
  void aJobRefreshesWhatItsOwnerMay() throws SQLException {
    database.execute(
        "CREATE MATERIALIZED VIEW hers AS SELECT 1 AS one; ALTER MATERIALIZED VIEW hers OWNER TO"
            + " ada");
    database.execute("ALTER VIEW v OWNER TO ada; GRANT SELECT ON t TO ada");
    schedule(Optional.of("ada"), "REFRESH MATERIALIZED VIEW hers");
    try (Scheduler _ = Daemons.start(database.source(), "one")) {
      Await.until(
          database,
          "SELECT count(*) >= 1 FROM cron.job_run_details WHERE status = 'succeeded'",
          "t");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          REFRESH MATERIALIZED VIEW v                               | must be owner of materialized view public.v
          CALL freshet.refresh('v')                                 | must be owner of materialized view public.v
          CALL freshet.refresh_all()                                | a job of role "eve" cannot run this command
          REFRESH MATERIALIZED VIEW v; DROP TABLE secrets           | a job of role "eve" cannot run this command
          /* REFRESH */ DROP TABLE secrets                          | a job of role "eve" cannot run this command
          CALL freshet.refresh((SELECT 'v'))                        | a job of role "eve" cannot run this command
          CALL public.refresh('v')                                  | a job of role "eve" cannot run this command
          REFRESH MATERIALIZED VIEW secrets                         | must be owner of materialized view public.secrets
          REFRESH MATERIALIZED VIEW nothing                         | relation "nothing" does not exist
          """)
  void aJobCannotDoWhatItsOwnerMayNot(String command, String refusal) throws SQLException {
    as(
        "eve",
        "INSERT INTO cron.job (schedule, command) VALUES ('1 seconds', $c$" + command + "$c$)");
    try (Scheduler _ = Daemons.start(database.source(), "one")) {
      Await.until(
          database, "SELECT count(*) >= 1 FROM cron.job_run_details WHERE status = 'failed'", "t");
    }
    assertThat(
            database.string(
                "SELECT split_part(return_message, chr(10), 1) FROM cron.job_run_details"))
        .isEqualTo("ERROR:  " + refusal);
    assertThat(database.string("SELECT count(*) FROM freshet.refreshes WHERE origin = 'cron'"))
        .isEqualTo("0");
  }

  /// The daemon is a superuser; it must not run what the owner of a job put into the owner's path.
  @Test
  void theSearchPathOfAnOwnerRunsNothing() throws SQLException {
    database.execute(
        """
        CREATE SCHEMA trap AUTHORIZATION eve;
        ALTER ROLE eve SET search_path TO trap, public, pg_catalog\
        """);
    as(
        "eve",
        """
        CREATE FUNCTION trap.spring() RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO public.secrets VALUES (current_user); RETURN true; END $$;
        CREATE FUNCTION trap.to_regclass(text) RETURNS regclass LANGUAGE sql AS 'SELECT trap.spring(); SELECT NULL::regclass';
        CREATE FUNCTION trap.same(text, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT trap.spring()';
        CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = varchar, FUNCTION = trap.same);
        CREATE MATERIALIZED VIEW trap.hers AS SELECT 1 AS one\
        """);
    schedule(Optional.of("eve"), "REFRESH MATERIALIZED VIEW hers");
    try (Scheduler _ = Daemons.start(database.source(), "one")) {
      Await.until(
          database,
          "SELECT count(*) >= 1 FROM cron.job_run_details WHERE status = 'succeeded'",
          "t");
    }
    assertThat(database.strings("SELECT s FROM secrets")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO cron.job (schedule, command, username) VALUES ('1 seconds', 'SELECT 1',"
            + " 'postgres')",
        "UPDATE cron.job SET username = 'postgres'",
        "INSERT INTO cron.job_run_details (jobid) VALUES (1)",
        "SELECT cron.schedule('1 seconds', 'DROP TABLE secrets')"
      })
  void aRoleCannotMakeJobsOfOthers(String statement) throws SQLException {
    schedule(Optional.of("eve"), "REFRESH MATERIALIZED VIEW v");
    assertThatThrownBy(() -> as("eve", statement))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
  }

  @Test
  void aRoleSeesAndRemovesOnlyItsOwnJobs() throws SQLException {
    schedule(Optional.of("ada"), "REFRESH MATERIALIZED VIEW v");
    as("eve", "DELETE FROM cron.job");
    as("eve", "UPDATE cron.job SET command = 'DROP TABLE t'");
    assertThat(database.string("SELECT command FROM cron.job"))
        .isEqualTo("REFRESH MATERIALIZED VIEW v");
    assertThatThrownBy(() -> as("eve", "SELECT cron.unschedule(1)"))
        .hasMessageContaining("could not find valid entry for job 1");
  }

  @Test
  void anInactiveJobRestsAndAnImpossibleOneSaysWhy() throws SQLException {
    database.execute(
        """
        INSERT INTO cron.job (schedule, command, active) VALUES ('1 seconds', 'SELECT 1', false);
        INSERT INTO cron.job (schedule, command) VALUES ('61 * * * *', 'SELECT 1')\
        """);
    try (Scheduler _ = Daemons.start(database.source(), "one")) {
      Await.until(database, "SELECT count(*) FROM cron.job_run_details WHERE jobid = 2", "1");
    }
    assertThat(database.string("SELECT return_message FROM cron.job_run_details"))
        .startsWith("ERROR:  invalid minute \"61\" in the schedule");
    assertThat(database.string("SELECT count(*) FROM freshet.scheduled_tasks")).isEqualTo("0");
  }

  private void schedule(Optional<String> role, String command) throws SQLException {
    String statement = "SELECT cron.schedule('1 seconds', $c$" + command + "$c$)";
    if (role.isPresent()) {
      as(role.get(), statement);
    } else {
      database.execute(statement);
    }
  }

  private void as(String role, String statement) throws SQLException {
    try (Connection connection = database.source(Optional.of(role)).getConnection();
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }
}
