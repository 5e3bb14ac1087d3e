package dev.freshet.engine.install;

import dev.freshet.engine.catalog.Session;

/// The lock that lets one session at a time change the rows or the definition of a view.
final class RefreshLock {
  private RefreshLock() {}

  /// Waits for a running refresh to end and keeps others from beginning until the transaction ends.
  static void take(Session session, int view) {
    session.one(
        "SELECT pg_advisory_xact_lock(freshet.lock_class(), ?)::text",
        row -> row.getString(1),
        view);
  }
}
