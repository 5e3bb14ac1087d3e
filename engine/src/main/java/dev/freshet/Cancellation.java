package dev.freshet;

import dev.freshet.compiler.Problem;
import java.util.ArrayList;
import java.util.List;

/// Lets another thread cancel a running task: the statement is cancelled on the server and rolled
/// back there, and the task ends with a [FreshetException] of SQLSTATE 57014.
public final class Cancellation {
  private final List<Runnable> actions = new ArrayList<>();
  private boolean cancelled;

  /// Cancels what runs now and whatever would start later. Further calls do nothing.
  public void cancel() {
    List<Runnable> pending;
    synchronized (this) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      pending = List.copyOf(actions);
    }
    pending.forEach(Runnable::run);
  }

  public synchronized boolean cancelled() {
    return cancelled;
  }

  /// Ends a task that has not begun its next step.
  public void throwIfCancelled() {
    if (cancelled()) {
      throw new FreshetException(Problem.of("57014", "canceling statement due to user request"));
    }
  }

  /// Runs `action` once on [#cancel], until the returned handle is closed.
  public Registration onCancel(Runnable action) {
    boolean late;
    synchronized (this) {
      late = cancelled;
      actions.add(action);
    }
    if (late) {
      action.run();
    }
    return () -> forget(action);
  }

  private synchronized void forget(Runnable action) {
    actions.remove(action);
  }

  /// Ends a registration.
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
