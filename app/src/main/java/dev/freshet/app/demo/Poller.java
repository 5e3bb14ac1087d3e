package dev.freshet.app.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// A reader that looks at a view every 5 ms and keeps its longest pause.
final class Poller implements AutoCloseable {
  private static final Duration PACE = Duration.ofMillis(5);

  /// Reads before the measurement begins: connections and compilers are warm then.
  private static final int WARM_UP = 40;

  private final CountDownLatch warm = new CountDownLatch(WARM_UP);
  private final AtomicReference<@Nullable SQLException> failure = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean stopped;
  private volatile long longestNanos;

  private Poller(DataSource dataSource, String view) {
    thread = new Thread(() -> poll(dataSource, view), "poller");
  }

  /// Returns when the reader reads.
  static Poller start(DataSource dataSource, String view) throws SQLException {
    Poller poller = new Poller(dataSource, view);
    poller.thread.start();
    poller.await();
    return poller;
  }

  /// The longest that one read took since the start of the measurement.
  Duration longestPause() throws SQLException {
    close();
    SQLException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    return Duration.ofNanos(longestNanos);
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void await() throws SQLException {
    try {
      warm.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    longestNanos = 0;
  }

  private void poll(DataSource dataSource, String view) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement query = connection.prepareStatement("SELECT count(*) FROM " + view)) {
      while (!stopped) {
        long start = System.nanoTime();
        read(query);
        longestNanos = Math.max(longestNanos, System.nanoTime() - start);
        warm.countDown();
        LockSupport.parkNanos(PACE.toNanos());
      }
    } catch (SQLException e) {
      failure.set(e);
    } finally {
      while (warm.getCount() > 0) {
        warm.countDown();
      }
    }
  }

  private static void read(PreparedStatement query) throws SQLException {
    try (ResultSet rows = query.executeQuery()) {
      rows.next();
    }
  }
}
