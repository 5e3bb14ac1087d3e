package dev.freshet.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.freshet.Freshet;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/// Rows stay in the server: what a refresh takes of this program's memory does not depend on how
/// many there are.
final class MemoryTest {
  private static final int FEW = 100;
  private static final int MANY = 200_000;

  @Test
  void refreshTakesAsMuchForManyRowsAsForFew() throws SQLException {
    try (TestDatabase database =
        TestServer.shared(TestServer.majors().getLast()).createDatabase()) {
      database.execute("CREATE TABLE item (id integer PRIMARY KEY, note text NOT NULL)");
      Freshet freshet = Freshet.connect(database.source());
      freshet.create(
          "CREATE MATERIALIZED VIEW v WITH (freshet.refresh = 'incremental') AS SELECT id, note || 'x' AS note FROM item;");
      insert(database, 0, FEW);
      allocated(freshet, FEW); // loads classes
      insert(database, FEW, 2 * FEW);
      long few = allocated(freshet, FEW);
      insert(database, 2 * FEW, 2 * FEW + MANY);
      long many = allocated(freshet, MANY);
      assertThat(many).isLessThan(2 * few);
    }
  }

  private static void insert(TestDatabase database, int from, int to) throws SQLException {
    database.execute(
        "INSERT INTO item SELECT g, 'n' || g FROM generate_series(%d, %d) g"
            .formatted(from + 1, to));
  }

  /// Bytes that a refresh allocates which adds this many rows.
  private static long allocated(Freshet freshet, int rows) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThat(freshet.refresh("v").work().inserted()).isEqualTo(rows);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
