package dev.freshet.engine.install;

import dev.freshet.engine.catalog.Session;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Runs work in a transaction that is always rolled back.
final class RolledBack {
  private RolledBack() {}

  static <T extends @Nullable Object> T run(Session session, Session.Work<T> work) {
    AtomicReference<T> result = new AtomicReference<>();
    try {
      session.inTransaction(() -> {
        result.set(work.run());
        throw new Undo();
      });
    } catch (Undo e) {
      return result.get();
    }
    throw new IllegalStateException("the transaction was not rolled back");
  }

  /// Ends the transaction without being an error.
  private static final class Undo extends RuntimeException {
    Undo() {
      super("roll back", null, false, false);
    }
  }
}
