package dev.freshet.app.command;

import dev.freshet.Cancellation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C: cancels on the server what runs there, and lets the command say so before the process
/// ends.
public final class Interruption {
  private static final long PATIENCE_SECONDS = 20;

  private final Cancellation cancellation = new Cancellation();
  private final CountDownLatch finished = new CountDownLatch(1);

  /// Listens to the signal; the virtual machine then exits with 128 plus the signal's number.
  public void listen() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::interrupt, "interrupt"));
  }

  /// The command has ended and has said how.
  public void finish() {
    finished.countDown();
  }

  public boolean interrupted() {
    return cancellation.cancelled();
  }

  /// For the tasks of the library that take one.
  Cancellation cancellation() {
    return cancellation;
  }

  private void interrupt() {
    if (finished.getCount() == 0) {
      return;
    }
    cancellation.cancel();
    try {
      finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
