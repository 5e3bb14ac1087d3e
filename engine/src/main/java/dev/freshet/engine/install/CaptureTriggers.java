package dev.freshet.engine.install;

import dev.freshet.compiler.sql.ViewOptions;
import dev.freshet.engine.catalog.Session;
import java.util.List;

/// The triggers of a change log, on its table and on each partition and child: a statement fires
/// only those of the table that it names.
final class CaptureTriggers {
  private final Session session;
  private final LogTable log;
  private final Attempts attempts;

  CaptureTriggers(Session session, LogTable log, ViewOptions.Publishing publishing) {
    this.session = session;
    this.log = log;
    this.attempts = Attempts.amongWriters(session, publishing);
  }

  /// The table first, then its partitions or children.
  List<String> tables() {
    String relation = log.changeLog().relation().sql();
    return session.list(
        """
        SELECT t.member::text FROM freshet.captured_tables(?::regclass) t
        ORDER BY t.member <> ?::regclass, t.member
        """,
        row -> row.getString(1),
        relation,
        relation);
  }

  /// Creates what is missing on one table. Where more columns are captured than before, waits for
  /// all statements that may still capture less.
  ///
  /// Lock: SHARE ROW EXCLUSIVE on the table, which writers wait for.
  boolean ensure(String table) {
    boolean missing = found("uncaptured_tables").contains(table);
    String what = "capture changes of table " + table;
    if (missing) {
      attempts.run(what, () -> create(table));
    } else if (log.columnsAdded()) {
      attempts.run(what, () -> RolledBack.inSavepoint(session, () -> create(table)));
    }
    return missing;
  }

  /// Stops capturing the changes of tables that were detached. The owner of the log may not drop a
  /// trigger where it does not own the table, but dropping the functions takes all triggers along.
  ///
  /// Lock: ACCESS EXCLUSIVE on all tables, for a moment.
  boolean leaveDetached() {
    List<String> detached = found("detached_tables");
    if (!detached.isEmpty()) {
      attempts.run("stop capturing changes of " + String.join(", ", detached), this::renew);
    }
    return !detached.isEmpty();
  }

  private boolean renew() {
    session
        .list(
            "SELECT f.oid::regprocedure::text FROM freshet.functions_of_log(?::regclass) f",
            row -> row.getString(1),
            log.changeLog().table())
        .forEach(function -> session.execute("DROP FUNCTION " + function + " CASCADE"));
    session.execute(log.functions());
    tables().forEach(this::create);
    return true;
  }

  private boolean create(String table) {
    session.one(
        "SELECT freshet.create_triggers(?, ?::regclass)::text",
        row -> row.getString(1),
        log.id(),
        table);
    return true;
  }

  private List<String> found(String what) {
    return session.list(
        "SELECT t.member::text FROM freshet.change_logs l CROSS JOIN LATERAL freshet.%s(l) t WHERE l.id = ?"
            .formatted(what),
        row -> row.getString(1),
        log.id());
  }
}
