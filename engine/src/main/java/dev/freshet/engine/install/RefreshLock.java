package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.engine.catalog.Session;

/// The lock that lets one session at a time change the rows or the definition of a view.
final class RefreshLock {
  private RefreshLock() {}

  /// Waits for a running refresh to end and keeps others from beginning until the transaction ends.
  /// Returns the view as it is now: a refresh publishes, and another apply may have changed what
  /// was read before the wait.
  ///
  /// @throws FreshetException if its definition is another one now, or it is gone
  static ExistingView take(Session session, ExistingView read) {
    session.one(
        "SELECT pg_advisory_xact_lock(freshet.lock_class(), ?)::text",
        row -> row.getString(1),
        read.id());
    return ExistingViews.find(session, read.id())
        .filter(now -> now.revision() == read.revision())
        .orElseThrow(() -> changed(read));
  }

  /// Runs work that may have several transactions; a lock that its transactions [#take] is then
  /// there at once, so that their snapshot can be an early one.
  static void holding(Session session, ExistingView view, Runnable work) {
    session.one(
        "SELECT pg_advisory_lock(freshet.lock_class(), ?)::text",
        row -> row.getString(1),
        view.id());
    try {
      work.run();
    } finally {
      session.one(
          "SELECT pg_advisory_unlock(freshet.lock_class(), ?)",
          row -> row.getBoolean(1),
          view.id());
    }
  }

  private static FreshetException changed(ExistingView view) {
    return new FreshetException(
        Problem.of(
                "40001",
                "materialized view " + view.name() + " was changed by another session meanwhile")
            .withHint("Apply again."));
  }
}
