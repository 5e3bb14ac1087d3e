package dev.freshet.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.Progress;
import dev.freshet.RefreshReport;
import dev.freshet.RefreshReport.Outcome;
import dev.freshet.RefreshRequest;
import dev.freshet.Strategy;
import dev.freshet.tests.fixture.Leftovers;
import dev.freshet.tests.fixture.LockWait;
import dev.freshet.tests.fixture.Oracle;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/// However a refresh is ended from outside: the old content is served, the history tells, nothing
/// half-made is left, and the next refresh works. On a server of its own, which is killed.
final class CrashTest {
  private static final String VIEW =
      """
      CREATE MATERIALIZED VIEW v
      WITH (freshet.top_off_where = 'id > 0', freshet.lock_timeout = '60 s', freshet.unlogged = %s) AS
      SELECT t.id, t.n, gate() AS gate FROM t;
      CREATE UNIQUE INDEX v_id ON v (id);
      """;

  private static TestServer server;
  private TestDatabase database;
  private Freshet freshet;

  @BeforeAll
  static void startServer() {
    server = TestServer.own(TestServer.majors().getLast());
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void createView() throws SQLException {
    database = server.createDatabase();
    freshet = Freshet.connect(database.source());
    database.execute(HeldRefresh.GATE);
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t SELECT n, n FROM"
            + " generate_series(1, 100) n");
    freshet.create(VIEW.formatted(false));
    database.execute("UPDATE t SET n = -n WHERE id <= 10; CHECKPOINT");
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    database.close();
  }

  static Stream<Strategy> strategies() {
    return Stream.of(Strategy.FULL, Strategy.CONCURRENT, Strategy.SWAP, Strategy.TOP_OFF);
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void serverIsKilledWhileTheQueryRuns(Strategy strategy) throws Exception {
    try (HeldRefresh held = HeldRefresh.atQuery(database, "v", strategy)) {
      server.kill();
      assertThat(held.failure().sqlState()).matches("08...|57P..");
    }
    server.restart();
    assertOldContentThenRefresh(strategy, Outcome.LOST);
  }

  @ParameterizedTest
  @EnumSource(names = {"FULL", "SWAP"})
  void serverIsKilledBeforeThePublish(Strategy strategy) throws Exception {
    try (HeldRefresh held = HeldRefresh.atPublish(database, "v", strategy)) {
      server.kill();
      assertThat(held.failure().sqlState()).matches("08...|57P..");
    }
    server.restart();
    assertOldContentThenRefresh(strategy, Outcome.LOST);
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void sessionIsTerminated(Strategy strategy) throws Exception {
    try (HeldRefresh held = HeldRefresh.atQuery(database, "v", strategy)) {
      assertThat(
              database.string(
                  "SELECT bool_and(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE"
                      + " application_name = '"
                      + HeldRefresh.SESSION
                      + "'"))
          .isEqualTo("t");
      assertThat(held.failure().sqlState()).isEqualTo("57P01");
    }
    assertOldContentThenRefresh(strategy, Outcome.LOST);
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void taskIsCancelled(Strategy strategy) throws Exception {
    try (HeldRefresh held = HeldRefresh.atQuery(database, "v", strategy)) {
      held.cancel();
      FreshetException failure = held.failure();
      assertThat(failure.sqlState()).isEqualTo("57014");
      assertThat(
              database.string(
                  "SELECT count(*) FROM pg_stat_activity WHERE application_name = '"
                      + HeldRefresh.SESSION
                      + "' AND state = 'active'"))
          .isEqualTo("0");
    }
    assertOldContentThenRefresh(strategy, Outcome.FAILED);
  }

  @Test
  void taskIsCancelledBeforeThePublish() throws Exception {
    try (HeldRefresh held = HeldRefresh.atPublish(database, "v", Strategy.SWAP)) {
      held.cancel();
      assertThat(held.failure().sqlState()).isEqualTo("57014");
    }
    assertOldContentThenRefresh(Strategy.SWAP, Outcome.FAILED);
  }

  /// The server does not notice, and ends the refresh; or it does, and rolls it back.
  @Test
  void clientIsKilled() throws Exception {
    try (Connection gatekeeper = database.connect();
        Connection observer = database.connect();
        Statement statement = gatekeeper.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(1)");
      Process client = RefreshClient.start(database.source(), "v");
      assertThat(LockWait.reached(observer, HeldRefresh.SESSION, client::isAlive)).isTrue();
      client.destroyForcibly().waitFor();
      assertThat(database.string("SELECT count(*) FROM v WHERE n < 0")).isEqualTo("0");
    }
    awaitNoRefresher();
    assertNothingHalfMade();
    assertThat(freshet.history("v", 1).getFirst().outcome())
        .isIn(Outcome.SUCCEEDED, Outcome.LOST, Outcome.FAILED);
    refresh("v", Strategy.SWAP);
    assertContentIsRight("v");
  }

  private void awaitNoRefresher() throws SQLException {
    String sessions =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '%s'"
            .formatted(HeldRefresh.SESSION);
    while (!database.string(sessions).equals("0")) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Test
  void unloggedContentIsGoneAfterACrashAndSaysSo() throws Exception {
    freshet.create(VIEW.formatted(true));
    assertThat(database.string("SELECT count(*) FROM v")).isEqualTo("100");
    server.kill();
    server.restart();
    SQLException failure =
        catchThrowableOfType(SQLException.class, () -> database.string("SELECT count(*) FROM v"));
    assertThat(failure.getSQLState()).isEqualTo("55000");
    assertThat(failure.getMessage()).contains("has not been populated");
    assertThat(freshet.freshness("v").populated()).isFalse();
    freshet.refresh("v");
    assertThat(database.string("SELECT count(*) FROM v")).isEqualTo("100");
    assertContentIsRight("v");
  }

  @Test
  void diskIsFull() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(database)) {
      freshet.create(
          "CREATE MATERIALIZED VIEW small TABLESPACE %s AS SELECT id, repeat('x', 1000) AS filler FROM t"
              .formatted(disk.tablespace()));
      for (Strategy strategy : List.of(Strategy.SWAP, Strategy.CONCURRENT)) {
        database.execute("INSERT INTO t SELECT n, n FROM generate_series(1000, 40000) n");
        FreshetException failure =
            catchThrowableOfType(FreshetException.class, () -> refresh("small", strategy));
        assertThat(failure.sqlState()).as(failure.getMessage()).isEqualTo("53100");
        assertThat(database.string("SELECT count(*) FROM small")).isEqualTo("100");
        assertThat(freshet.history("small", 1).getFirst().outcome()).isEqualTo(Outcome.FAILED);
        assertNothingHalfMade();
        database.execute("DELETE FROM t WHERE id >= 1000");
        refresh("small", strategy);
        assertContentIsRight("small");
      }
      freshet.drop("small");
    } catch (SmallDisk.Impossible e) {
      System.out.println("the test of a full disk is skipped: " + e.getMessage());
      throw new TestAbortedException(e.getMessage(), e);
    }
  }

  private void assertOldContentThenRefresh(Strategy strategy, Outcome outcome) throws Exception {
    assertThat(database.string("SELECT count(*) FROM v WHERE n < 0")).isEqualTo("0");
    assertThat(database.string("SELECT count(*) FROM v")).isEqualTo("100");
    assertNothingHalfMade();
    refresh("v", strategy);
    assertThat(database.string("SELECT count(*) FROM v WHERE n < 0")).isEqualTo("10");
    assertContentIsRight("v");
    RefreshReport interrupted = freshet.history("v", 2).getLast();
    assertThat(interrupted.outcome()).isEqualTo(outcome);
    assertThat(interrupted.problem()).isPresent();
  }

  private RefreshReport refresh(String view, Strategy strategy) {
    return freshet
        .refresh(RefreshRequest.of(view).with(strategy), Progress.Listener.NONE, new Cancellation())
        .getLast();
  }

  private void assertContentIsRight(String view) throws SQLException {
    assertThat(freshet.verify(view, false).equal()).isTrue();
    try (Connection connection = database.connect()) {
      Oracle oracle = new Oracle(connection);
      oracle.setStale(view.equals("v") ? "small" : "v");
      oracle.check(true);
    }
    assertNothingHalfMade();
  }

  private void assertNothingHalfMade() throws SQLException {
    try (Connection connection = database.connect()) {
      assertThat(Leftovers.halfMade(connection)).isEmpty();
    }
  }
}
