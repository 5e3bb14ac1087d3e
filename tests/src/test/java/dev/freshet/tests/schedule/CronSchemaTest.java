package dev.freshet.tests.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.Removal;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.install.CronSchema;
import dev.freshet.engine.install.CronSchema.State;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Schema `cron` comes and goes on request, and nobody else's is touched.
final class CronSchemaTest {
  private TestDatabase database;
  private Session session;
  private CronSchema cron;

  @BeforeEach
  void connect() throws SQLException {
    database = TestServer.shared(TestServer.majors().getLast()).createDatabase();
    session = Session.open(database.source());
    cron = new CronSchema(session);
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    session.close();
    database.close();
  }

  @Test
  void itIsMadeOnceAndRemovedWithItsJobs() throws SQLException {
    assertThat(cron.state()).isEqualTo(State.ABSENT);
    assertThat(cron.install()).isEqualTo(State.INSTALLED);
    database.execute(
        "SELECT cron.schedule('it''s', '0 * * * *', 'SELECT 1'), cron.schedule('@daily', 'SELECT"
            + " 2')");
    assertThat(cron.install()).isEqualTo(State.INSTALLED);
    assertThat(cron.remove())
        .containsExactlyInAnyOrder(
            "SELECT cron.schedule('it''s', '0 * * * *', 'SELECT 1');",
            "SELECT cron.schedule('@daily', 'SELECT 2');");
    assertThat(cron.state()).isEqualTo(State.ABSENT);
    assertThat(cron.remove()).isEmpty();
  }

  @Test
  void itStaysWhileOthersUseIt() throws SQLException {
    cron.install();
    database.execute("CREATE VIEW jobs AS SELECT jobid FROM cron.job");
    assertThat(catchThrowableOfType(FreshetException.class, cron::remove).sqlState())
        .isEqualTo("2BP01");
    assertThat(cron.state()).isEqualTo(State.INSTALLED);
  }

  @Test
  void anotherSchemaOfThisNameIsLeftAlone() throws SQLException {
    database.execute("CREATE SCHEMA cron; CREATE TABLE cron.job (mine integer)");
    assertThat(cron.state()).isEqualTo(State.FOREIGN);
    assertThat(catchThrowableOfType(FreshetException.class, cron::install).sqlState())
        .isEqualTo("42P06");
    assertThat(catchThrowableOfType(FreshetException.class, cron::remove).sqlState())
        .isEqualTo("42P06");
    assertThat(database.string("SELECT count(mine) FROM cron.job")).isEqualTo("0");
  }

  @Test
  void itGoesWithFreshet() throws SQLException {
    cron.install();
    Freshet.connect(database.source()).uninstall(Removal.AS_VIEW);
    assertThat(cron.state()).isEqualTo(State.ABSENT);
  }

  @Test
  void theStatementsForTheExtensionCallTheRefresh() throws SQLException {
    database.execute("CREATE TABLE t (a integer)");
    Freshet.connect(database.source())
        .create(
            """
            CREATE MATERIALIZED VIEW "It's" WITH (freshet.schedule = '*/5 * * * *') AS SELECT a FROM t;
            CREATE MATERIALIZED VIEW w WITH (freshet.schedule = 'every 5 minutes') AS SELECT a FROM t;\
            """);
    assertThat(cron.statementsForExtension())
        .containsExactly(
            "SELECT cron.schedule('freshet public.\"It''s\"', '*/5 * * * *',"
                + " 'CALL freshet.refresh(''public.\"It''''s\"'')');");
  }
}
