package dev.freshet.tests.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.tests.fixture.Oracle;
import dev.freshet.tests.server.Await;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a subscription applies is captured, from its first copy of the table on. Publisher and
/// subscriber are two databases of one server.
final class SubscriptionTest {
  private static final String TABLE = "CREATE TABLE t (a int PRIMARY KEY, b numeric(8,2));";
  private static final String VIEW =
      "CREATE MATERIALIZED VIEW v WITH (freshet.refresh = 'incremental') AS SELECT a % 3 AS a, sum(b) AS b FROM t GROUP BY a % 3";

  private static TestServer server;
  private TestDatabase publisher;
  private TestDatabase subscriber;

  @BeforeAll
  static void startServer() {
    server = TestServer.logical(TestServer.majors().getLast());
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void createDatabases() throws SQLException {
    publisher = server.createDatabase();
    subscriber = server.createDatabase();
    publisher.execute(
        TABLE
            + " INSERT INTO t SELECT n, n FROM generate_series(1, 10) n;"
            + " CREATE PUBLICATION p FOR TABLE t");
    publisher.execute("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
    subscriber.execute(TABLE);
  }

  @AfterEach
  void dropDatabases() throws SQLException {
    subscriber.execute("ALTER SUBSCRIPTION s DISABLE");
    subscriber.execute("ALTER SUBSCRIPTION s SET (slot_name = NONE)");
    subscriber.execute("DROP SUBSCRIPTION s");
    Await.until(publisher, "SELECT active FROM pg_replication_slots WHERE slot_name = 's'", "f");
    publisher.execute("SELECT pg_drop_replication_slot('s')");
    subscriber.close();
    publisher.close();
  }

  @Test
  void appliedChangesAreCaptured() throws SQLException {
    Freshet freshet = Freshet.connect(subscriber.source());
    freshet.create(VIEW);
    subscribe();
    Await.until(subscriber, "SELECT count(*) FROM t", "10");
    assertThat(refresh(freshet)).isEqualTo("incremental");
    publisher.execute(
        "INSERT INTO t VALUES (11, 1), (12, 1); UPDATE t SET b = b + 1 WHERE a < 4; DELETE FROM t WHERE a IN (7, 12)");
    Await.until(subscriber, "SELECT sum(b) FROM t", "52.00");
    subscriber.execute("INSERT INTO t VALUES (100, 5)");
    assertThat(refresh(freshet)).isEqualTo("incremental");
    publisher.execute("TRUNCATE t");
    Await.until(subscriber, "SELECT count(*) FROM t", "0");
    assertThat(refresh(freshet)).isEqualTo("concurrent");
    publisher.execute("INSERT INTO t VALUES (1, 1)");
    Await.until(subscriber, "SELECT count(*) FROM t", "1");
    assertThat(refresh(freshet)).isEqualTo("incremental");
  }

  @Test
  void onlyAnOwnerOfTheTableCanCaptureThem() throws SQLException {
    subscribe();
    subscriber.execute(
        "CREATE ROLE analyst; GRANT CREATE ON SCHEMA public, freshet_data TO analyst; GRANT SELECT, TRIGGER ON t TO analyst");
    FreshetException refusal =
        catchThrowableOfType(
            FreshetException.class,
            () -> Freshet.connect(subscriber.source(Optional.of("analyst"))).create(VIEW));
    assertThat(refusal.problem().detail())
        .contains(
            "table public.t is filled by a subscription, whose changes only its owner can capture");
  }

  private void subscribe() throws SQLException {
    String name = String.valueOf(publisher.source().getDatabaseName());
    String port = publisher.string("SHOW port");
    String password = String.valueOf(publisher.source().getPassword());
    subscriber.execute(
        "CREATE SUBSCRIPTION s CONNECTION 'host=localhost port=%s dbname=%s user=%s password=%s' PUBLICATION p WITH (create_slot = false, slot_name = 's')"
            .formatted(port, name, publisher.source().getUser(), password));
  }

  /// The strategy of the refresh, after which the view is right.
  private String refresh(Freshet freshet) throws SQLException {
    freshet.refresh("v");
    try (Connection connection = subscriber.connect()) {
      new Oracle(connection).check(true);
    }
    return subscriber.string("SELECT strategy FROM freshet.refreshes ORDER BY id DESC LIMIT 1");
  }
}
