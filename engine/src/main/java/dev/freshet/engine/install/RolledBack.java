package dev.freshet.engine.install;

import dev.freshet.engine.catalog.Session;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs work that is always rolled back.
final class RolledBack {
  private RolledBack() {}

  /// In a transaction of its own.
  static <T extends @Nullable Object> T run(Session session, Session.Work<T> work) {
    return undone(work, session::inTransaction);
  }

  /// Within a transaction; locks that the work took are free again afterwards.
  static <T extends @Nullable Object> T inSavepoint(Session session, Session.Work<T> work) {
    return undone(work, session::inSavepoint);
  }

  private static <T extends @Nullable Object> T undone(
      Session.Work<T> work, Consumer<Session.Work<Boolean>> frame) {
    AtomicReference<T> result = new AtomicReference<>();
    try {
      frame.accept(() -> {
        result.set(work.run());
        throw new Undo();
      });
    } catch (Undo e) {
      return result.get();
    }
    throw new IllegalStateException("the work was not rolled back");
  }

  /// Ends the transaction without being an error.
  private static final class Undo extends RuntimeException {
    Undo() {
      super("roll back", null, false, false);
    }
  }
}
