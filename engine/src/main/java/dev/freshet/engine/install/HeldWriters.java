package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.emit.ChangeLog;
import dev.freshet.compiler.sql.ViewOptions;
import dev.freshet.engine.catalog.Session;
import java.util.List;
import java.util.Optional;

/// Keeps transactions that have changed a table from maintaining views by its log, while a view
/// begins or ceases to be one of those.
///
/// Who has maintained views and not committed yet is waited for, in bounded attempts; who comes
/// later waits. So a snapshot that is taken meanwhile sees all that was maintained, and nothing
/// else, and those who come later see the view as it is then.
///
/// Lock: exclusive advisory locks on the logs, held by the session.
final class HeldWriters implements AutoCloseable {
  private final Session session;
  private final Integer[] logs;

  private HeldWriters(Session session, Integer[] logs) {
    this.session = session;
    this.logs = logs;
  }

  /// Holds back whoever writes to these logs, or to those that a view reads as it is. Outside a
  /// transaction.
  static HeldWriters of(
      Session session,
      List<ChangeLog> logs,
      Optional<ExistingView> existing,
      ViewOptions.Publishing publishing) {
    Integer[] ids =
        session
            .list(
                """
                SELECT l.id FROM freshet.change_logs l
                WHERE l.immediate AND (l.log::text = ANY (?)
                  OR l.id IN (SELECT r.log_id FROM freshet.log_readers r WHERE r.view_id = ?))
                ORDER BY l.id
                """,
                row -> row.getInt(1),
                logs.stream().map(ChangeLog::table).toArray(String[]::new),
                existing.map(ExistingView::id).orElse(0))
            .toArray(Integer[]::new);
    boolean held =
        Attempts.amongWriters(session, publishing)
            .until(() ->
                session.one(
                    "SELECT freshet.hold_back(?::integer[])",
                    row -> row.getBoolean(1),
                    (Object) ids));
    if (!held) {
      throw new FreshetException(
          Problem.of("55P03", "transactions that maintain materialized views did not end")
              .withHint("Try again when they have ended, or look for a prepared transaction."));
    }
    return new HeldWriters(session, ids);
  }

  /// Makes transactions fail that began before this one commits, and would not see what it does.
  void notePassage() {
    session.one(
        "SELECT freshet.note_passage(?::integer[])::text", row -> row.getString(1), (Object) logs);
  }

  @Override
  public void close() {
    session.one(
        "SELECT count(pg_advisory_unlock(freshet.commit_lock_class(), l)) FROM unnest(?::integer[]) l",
        row -> row.getLong(1),
        (Object) logs);
  }
}
