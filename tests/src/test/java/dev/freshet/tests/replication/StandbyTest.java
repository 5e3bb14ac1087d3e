package dev.freshet.tests.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.freshet.Freshet;
import dev.freshet.tests.fixture.Oracle;
import dev.freshet.tests.server.Await;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Views are read on a standby: what is stored, and what waits, as far as the standby has come.
final class StandbyTest {
  private static final List<String> VIEWS =
      List.of(
          "totals WITH (freshet.refresh = 'incremental') AS SELECT b.k, count(*) AS n, sum(a.x) AS s FROM a JOIN b USING (k) GROUP BY b.k",
          "listed WITH (freshet.refresh = 'incremental') AS SELECT a.id, a.x, b.name FROM a LEFT JOIN b USING (k)",
          "latest WITH (freshet.refresh = 'incremental', freshet.reads = 'real-time') AS SELECT DISTINCT ON (k) k, id, x FROM a ORDER BY k, id DESC",
          "counts WITH (freshet.refresh = 'on-commit') AS SELECT k, count(*) AS n FROM a GROUP BY k");

  private TestServer primaryServer;
  private TestServer standbyServer;
  private TestDatabase primary;
  private TestDatabase standby;

  @BeforeEach
  void startServers() throws Exception {
    primaryServer = TestServer.own(TestServer.majors().getLast());
    primary = primaryServer.createDatabase();
    primary.execute(
        """
        CREATE TABLE a (id int PRIMARY KEY, k int, x int);
        CREATE TABLE b (k int PRIMARY KEY, name text);
        INSERT INTO a SELECT n, n % 5, n FROM generate_series(1, 50) n;
        INSERT INTO b SELECT n, 'b' || n FROM generate_series(0, 3) n\
        """);
    VIEWS.forEach(
        view -> Freshet.connect(primary.source()).create("CREATE MATERIALIZED VIEW " + view));
    standbyServer = primaryServer.standby();
    standby = standbyServer.database(String.valueOf(primary.source().getDatabaseName()));
  }

  @AfterEach
  void stopServers() {
    standbyServer.close();
    primaryServer.close();
  }

  @Test
  void viewsReadTheSameOnAStandby() throws SQLException {
    try (Connection reader = standby.connect();
        Connection writer = primary.connect();
        Statement statement = writer.createStatement()) {
      Oracle oracle = new Oracle(reader);
      follow();
      oracle.check(true);

      primary.execute(
          "INSERT INTO a VALUES (100, 1, 7), (101, NULL, 8); DELETE FROM a WHERE id < 10; UPDATE b SET k = 4 WHERE k = 0");
      statement.execute("BEGIN; UPDATE a SET x = x + 1 WHERE k = 2");
      follow();
      oracle.check(false);
      assertThat(stored(standby)).isEqualTo(stored(primary)).isNotEqualTo(inRealTime(standby));

      statement.execute("PREPARE TRANSACTION 'later'");
      refresh();
      follow();
      oracle.check(true);

      statement.execute("COMMIT PREPARED 'later'");
      follow();
      oracle.check(false);
      assertThat(stored(standby)).isNotEqualTo(inRealTime(standby));

      primary.execute("TRUNCATE a; INSERT INTO a VALUES (1, 1, 1)");
      follow();
      oracle.check(false);
      primary.execute("CALL freshet.refresh('totals', 'swap')");
      refresh();
      follow();
      oracle.check(true);
      assertThat(stored(standby)).isEqualTo(inRealTime(standby)).hasSize(1);
    }
  }

  @Test
  void aStandbyRefreshesNothing() {
    SQLException refusal =
        catchThrowableOfType(
            SQLException.class, () -> standby.execute("CALL freshet.refresh('totals')"));
    assertThat(refusal.getSQLState()).as(refusal.getMessage()).isEqualTo("25006");
  }

  private void refresh() throws SQLException {
    primary.execute("CALL freshet.refresh_all()");
  }

  /// Waits until the standby has done all that the primary has.
  private void follow() throws SQLException {
    String position = primary.string("SELECT pg_current_wal_insert_lsn()");
    Await.until(
        standby, "SELECT pg_last_wal_replay_lsn() >= '%s'::pg_lsn".formatted(position), "t");
  }

  private static List<String> stored(TestDatabase database) throws SQLException {
    return database.strings("SELECT v::text FROM totals v ORDER BY k");
  }

  private static List<String> inRealTime(TestDatabase database) throws SQLException {
    return database.strings("SELECT v::text FROM totals_realtime v ORDER BY k");
  }
}
