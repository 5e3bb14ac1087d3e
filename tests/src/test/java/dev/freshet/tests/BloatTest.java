package dev.freshet.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.Progress;
import dev.freshet.RefreshRequest;
import dev.freshet.Strategy;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Repeated refreshes do not bloat a view: 200 of them, each with 1 % of the rows changed, stay
/// within 1.5 times the size of the view when it was fresh.
///
/// Stated settings: autovacuum looks every second (`autovacuum_naptime`), the storage has the
/// settings that Freshet gives it. Stated pace: after each refresh that leaves more dead rows than
/// autovacuum's threshold, the next one waits until autovacuum has been there.
final class BloatTest {
  private static final int ROWS = 50_000;
  private static final double LIMIT = 1.5;

  @Test
  void fortyRefreshesStayWithinTheLimit() throws SQLException {
    refreshRepeatedly(40);
  }

  @Test
  @Tag("long")
  void twoHundredRefreshesStayWithinTheLimit() throws SQLException {
    refreshRepeatedly(200);
  }

  private static void refreshRepeatedly(int times) throws SQLException {
    try (TestDatabase database =
        TestServer.shared(TestServer.majors().getLast()).createDatabase()) {
      Freshet freshet = Freshet.connect(database.source());
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, s text NOT NULL); INSERT INTO t SELECT n, n, md5(n::text) FROM generate_series(1, "
              + ROWS
              + ") n");
      freshet.create(
          "CREATE MATERIALIZED VIEW v AS SELECT id, n, s FROM t; CREATE UNIQUE INDEX v_id ON v (id);");
      long fresh = size(database);
      for (int i = 0; i < times; i++) {
        database.execute("UPDATE t SET n = n + 1 WHERE id %% 100 = %d".formatted(i % 100));
        refresh(freshet);
        awaitVacuum(database);
      }
      assertThat(freshet.history("v", 1).getFirst().work().updated()).isEqualTo(ROWS / 100);
      assertThat(size(database) / (double) fresh)
          .as("size after %d refreshes as a multiple of the fresh size", times)
          .isLessThanOrEqualTo(LIMIT);
    }
  }

  private static void refresh(Freshet freshet) {
    freshet.refresh(
        RefreshRequest.of("v").with(Strategy.CONCURRENT),
        Progress.Listener.NONE,
        new Cancellation());
  }

  private static long size(TestDatabase database) throws SQLException {
    return Long.parseLong(
        database.string("SELECT pg_total_relation_size(storage) FROM freshet.materialized_views"));
  }

  /// Waits while more rows of the storage are dead than autovacuum tolerates there.
  private static void awaitVacuum(TestDatabase database) throws SQLException {
    String tooManyDead =
        """
        SELECT s.n_dead_tup > 0.2 * s.n_live_tup FROM pg_stat_user_tables s
        JOIN freshet.materialized_views m ON m.storage = s.relid\
        """;
    while (database.string(tooManyDead).equals("t")) {
      LockSupport.parkNanos(20_000_000);
    }
  }
}
