package dev.freshet.tests.server;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Waits for a condition that has a name, and fails with that name when it does not come true.
public final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

  private Await() {}

  /// What is looked at again and again.
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws SQLException;
  }

  public static void until(String name, Condition condition) throws SQLException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not come true in " + PATIENCE + ": " + name);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /// Until the only value of a query is this one.
  public static void until(TestDatabase database, String sql, String value) throws SQLException {
    String[] last = {""};
    try {
      until(
          sql + " = " + value,
          () -> {
            last[0] = String.join(", ", database.strings(sql));
            return last[0].equals(value);
          });
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; last seen: " + last[0], e);
    }
  }
}
