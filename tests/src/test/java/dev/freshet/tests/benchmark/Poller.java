package dev.freshet.tests.benchmark;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/// A reader that asks every five milliseconds and remembers its longest wait for an answer.
final class Poller implements AutoCloseable {
  private static final long PERIOD_NANOS = 5_000_000;

  private final Database.Session session;
  private final String sql;
  private final CountDownLatch started = new CountDownLatch(1);
  private final FutureTask<Duration> task;
  private volatile boolean stopping;

  private Poller(Database.Session session, String sql) {
    this.session = session;
    this.sql = sql;
    this.task = new FutureTask<>(this::poll);
  }

  /// Returns when the first answer is there.
  static Poller start(Database database, String sql) throws SQLException, InterruptedException {
    Poller poller = new Poller(database.open(), sql);
    Thread.ofPlatform().name("poller").start(poller.task);
    poller.started.await();
    return poller;
  }

  private Duration poll() throws SQLException {
    long longest = 0;
    session.execute(sql);
    started.countDown();
    while (!stopping) {
      long asked = System.nanoTime();
      session.execute(sql);
      longest = Math.max(longest, System.nanoTime() - asked);
      LockSupport.parkNanos(PERIOD_NANOS);
    }
    return Duration.ofNanos(longest);
  }

  /// Stops, and tells the longest wait.
  Duration stop() throws ExecutionException, InterruptedException {
    stopping = true;
    return task.get();
  }

  @Override
  public void close() throws SQLException {
    stopping = true;
    session.close();
  }
}
