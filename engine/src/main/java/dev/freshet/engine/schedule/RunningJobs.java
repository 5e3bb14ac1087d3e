package dev.freshet.engine.schedule;

import dev.freshet.Cancellation;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What a daemon works on now, so that it can stop: wait a while, then cancel on the server.
final class RunningJobs {
  /// Time for a cancelled statement to come back from the server.
  private static final Duration CANCELLING = Duration.ofSeconds(5);

  private final Set<Cancellation> running = new HashSet<>();
  private boolean cancelled;

  /// What is done until it ends or is cancelled.
  @FunctionalInterface
  interface Job<T> {
    T run(Cancellation cancellation);
  }

  <T> T run(Job<T> job) {
    Cancellation cancellation = new Cancellation();
    begin(cancellation);
    try {
      return job.run(cancellation);
    } finally {
      end(cancellation);
    }
  }

  /// True once jobs were cancelled because the daemon stops: their failures are not their own.
  synchronized boolean cancelled() {
    return cancelled;
  }

  /// Returns when no job runs; cancels those that still run after a while.
  void stop(Duration patience) throws InterruptedException {
    awaitEnd(patience);
    cancelAll().forEach(Cancellation::cancel);
    awaitEnd(CANCELLING);
  }

  private synchronized Set<Cancellation> cancelAll() {
    cancelled = true;
    return Set.copyOf(running);
  }

  private synchronized void awaitEnd(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      if (running.isEmpty()) {
        return;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  private void begin(Cancellation cancellation) {
    synchronized (this) {
      running.add(cancellation);
    }
    if (cancelled()) {
      cancellation.cancel();
    }
  }

  private synchronized void end(Cancellation cancellation) {
    running.remove(cancellation);
    notifyAll();
  }
}
