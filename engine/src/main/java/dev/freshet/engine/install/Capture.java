package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.emit.CapturedTable;
import dev.freshet.compiler.emit.ChangeLog;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.RefreshStrategy;
import dev.freshet.compiler.sql.ViewOptions;
import dev.freshet.engine.catalog.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Sets up change capture for a view before the view is made, and takes it down after the last one
/// that needs it.
///
/// Everything is done in transactions of its own, because a writer waits for each lock until the
/// transaction ends that holds it. So a view whose first content is computed later sees every
/// change from then on: whatever was in flight has ended before its snapshot is taken.
final class Capture {
  private final Session session;
  private final Reader reader;

  private Capture(Session session, Reader reader) {
    this.session = session;
    this.reader = reader;
  }

  /// The view that is to read the logs.
  ///
  /// @param view its name, whether it exists or not
  /// @param owner role that owns it, and so the logs
  record Reader(QualifiedName view, String owner, ViewOptions options) {
    /// Whether transactions maintain it themselves, by logs of another kind.
    boolean immediate() {
      return options.refresh().isImmediate();
    }

    /// Whether statements apply their changes themselves, by logs of their own.
    boolean eager() {
      return options.refresh() == RefreshStrategy.EAGER;
    }
  }

  /// Why the changes of a table cannot be captured by the current role; empty if they can.
  static Optional<String> refusal(Session session, CapturedTable table) {
    return session.first(
        "SELECT r FROM freshet.capture_refusal(?::regclass, ?::name[]) r WHERE r IS NOT NULL",
        row -> row.getString(1),
        table.relation().sql(),
        table.columns().toArray(String[]::new));
  }

  /// Makes sure that the changes of these tables are captured. Outside a transaction; the session
  /// keeps the logs from being pruned or dropped until [#release].
  ///
  /// Locks: SHARE ROW EXCLUSIVE on each table, partition and child, in bounded attempts, so that no
  /// writer queues for longer than one attempt; ACCESS EXCLUSIVE on a log that gets more columns.
  static List<ChangeLog> install(Session session, List<CapturedTable> tables, Reader reader) {
    Capture capture = new Capture(session, reader);
    List<ChangeLog> logs = new ArrayList<>();
    for (CapturedTable table : tables) {
      logs.add(capture.install(table));
    }
    return logs;
  }

  private ChangeLog install(CapturedTable table) {
    LogTable log =
        inTransaction(() -> {
          refusal(session, table).or(() -> foreign(table)).ifPresent(r -> refuse(table, r));
          return LogTable.ensure(session, table, reader);
        });
    CaptureTriggers triggers = new CaptureTriggers(session, log, reader.options().publishing());
    for (String captured : inTransaction(triggers::tables)) {
      inTransaction(() -> triggers.ensure(captured));
    }
    inTransaction(triggers::leaveDetached);
    return log.changeLog();
  }

  /// Why transactions cannot maintain a view over this one: what they do is done for one owner
  /// after the other.
  private Optional<String> foreign(CapturedTable table) {
    return reader.immediate()
        ? session.first(
            """
            SELECT format('materialized view %s belongs to role %s', freshet.qualified(m.relation), c.relowner::regrole)
            FROM freshet.materialized_views m JOIN pg_class c ON c.oid = m.storage
            WHERE m.storage = ?::regclass AND c.relowner <> quote_ident(current_user)::regrole
            """,
            row -> row.getString(1), table.relation().sql())
        : Optional.empty();
  }

  private <T> T inTransaction(Session.Work<T> work) {
    return session.inTransaction(() -> {
      Ownership.actAs(session, reader.owner());
      return session.withCatalogPath(work);
    });
  }

  private static void refuse(CapturedTable table, String reason) {
    throw new FreshetException(
        Problem.of("0A000", "changes of table " + table.relation() + " cannot be captured")
            .withDetail(reason + ".")
            .withHint("Use another refresh strategy for the view, or remove the cause."));
  }

  /// Notes that the view reads these logs, in the transaction that creates its functions.
  ///
  /// @param script what the view needs of the logs, in the same order
  static void register(Session session, int viewId, List<ChangeLog> logs, IncrementScript script) {
    String[] names = logs.stream().map(ChangeLog::table).toArray(String[]::new);
    String[] columns =
        script.captured().stream()
            .map(table ->
                session.one(
                    "SELECT to_jsonb(?::text[])::text",
                    row -> row.getString(1),
                    (Object) table.columns().toArray(String[]::new)))
            .toArray(String[]::new);
    session.one(
        """
        SELECT freshet.register_reader(?,
          ARRAY(SELECT l.id FROM unnest(?::text[]) WITH ORDINALITY n (name, place)
                JOIN freshet.change_logs l ON l.log = n.name::regclass ORDER BY n.place),
          ?::jsonb[], ?, ?)::text
        """,
        row -> row.getString(1),
        viewId,
        names,
        columns,
        script.linear(),
        script.timed());
  }

  /// Notes that the view reads no log any more.
  static void unregister(Session session, int viewId) {
    session.one("SELECT freshet.unregister_reader(?)::text", row -> row.getString(1), viewId);
  }

  /// Gives the logs free that [#install] kept, and drops those that nobody reads. Outside a
  /// transaction, after the view was made, or could not be made, or was dropped.
  static void release(Session session, ViewOptions.Publishing publishing) {
    session.one(
        """
        SELECT count(pg_advisory_unlock_shared(l.classid::integer, l.objid::integer)) FROM pg_locks l
        WHERE l.pid = pg_backend_pid() AND l.locktype = 'advisory' AND l.mode = 'ShareLock' AND l.objsubid = 2
          AND l.classid = (freshet.log_lock_class()::bigint & 4294967295)::oid
        """,
        row -> row.getLong(1));
    Attempts.amongWriters(session, publishing)
        .until(() -> session.one("SELECT freshet.drop_unread_logs()", row -> row.getBoolean(1)));
  }
}
