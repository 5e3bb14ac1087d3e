package dev.freshet.tests.soak;

import dev.freshet.tests.server.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Writers side by side, each with a session of its own.
final class Writers implements AutoCloseable {
  private static final int COUNT = 6;

  private final ReentrantReadWriteLock commits = new ReentrantReadWriteLock(true);
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicLong committed = new AtomicLong();
  private final ExecutorService threads = Executors.newFixedThreadPool(COUNT);
  private final List<Future<?>> running = new ArrayList<>();

  private Writers() {}

  static Writers start(TestDatabase database, int major, long seed) {
    Writers writers = new Writers();
    for (int i = 0; i < COUNT; i++) {
      writers.running.add(
          writers.threads.submit(
              new Writer(
                  database.source(),
                  new Workload(major),
                  seed + i,
                  writers.commits.readLock(),
                  writers.ended,
                  writers.committed)));
    }
    return writers;
  }

  /// What is done while nobody commits.
  @FunctionalInterface
  interface Task {
    void run() throws SQLException;
  }

  /// Lets transactions stay open, prepared ones too, but none of them commits meanwhile.
  void withoutCommits(Task task) throws SQLException {
    commits.writeLock().lock();
    try {
      task.run();
    } finally {
      commits.writeLock().unlock();
    }
  }

  long committed() {
    return committed.get();
  }

  /// Ends the writers after the transaction that each of them is in.
  ///
  /// @throws IllegalStateException if one of them had failed
  @Override
  public void close() {
    ended.set(true);
    try {
      for (Future<?> writer : running) {
        writer.get();
      }
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException("a writer failed", e);
    } finally {
      threads.close();
    }
  }
}
