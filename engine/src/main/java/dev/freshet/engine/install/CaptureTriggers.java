package dev.freshet.engine.install;

import dev.freshet.compiler.sql.ViewOptions;
import dev.freshet.engine.catalog.Session;
import java.util.List;

/// The triggers of a change log, on its table and on each partition and child: a statement fires
/// only those of the table that it names.
final class CaptureTriggers {
  private final Session session;
  private final LogTable log;
  private final ViewOptions.Publishing publishing;

  CaptureTriggers(Session session, LogTable log, ViewOptions.Publishing publishing) {
    this.session = session;
    this.log = log;
    this.publishing = publishing;
  }

  /// The table first, then its partitions or children.
  List<String> tables() {
    String relation = log.changeLog().relation().sql();
    return session.list(
        "SELECT t.member::text FROM freshet.captured_tables(?::regclass) t ORDER BY t.member <> ?::regclass, t.member",
        row -> row.getString(1),
        relation,
        relation);
  }

  /// Creates what is missing on one table. Where more columns are captured than before, waits for
  /// all statements that may still capture less.
  ///
  /// Lock: SHARE ROW EXCLUSIVE on the table, which writers wait for.
  boolean ensure(String table) {
    boolean missing =
        session.one(
            """
            SELECT EXISTS (SELECT FROM freshet.change_logs l CROSS JOIN LATERAL freshet.uncaptured_tables(l) u
              WHERE l.id = ? AND u.member = ?::regclass)
            """,
            row -> row.getBoolean(1),
            log.id(),
            table);
    Attempts attempts = new Attempts(session, publishing);
    String what = "capture changes of table " + table;
    if (missing) {
      attempts.run(what, () -> create(table));
    } else if (log.columnsAdded()) {
      attempts.run(what, () -> RolledBack.inSavepoint(session, () -> create(table)));
    }
    return missing;
  }

  /// Changes before were not captured, which other views must know that read the log already.
  private boolean create(String table) {
    session.execute(log.writer().triggers("freshet_capture_" + log.id() + "_%s", table));
    if (!log.isNew()) {
      session.execute(
          "INSERT INTO %s (multiplicity, mark) VALUES (0, 'capture')"
              .formatted(log.changeLog().table()));
    }
    return true;
  }
}
