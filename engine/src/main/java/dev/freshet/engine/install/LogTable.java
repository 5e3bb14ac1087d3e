package dev.freshet.engine.install;

import dev.freshet.compiler.emit.CaptureWriter;
import dev.freshet.compiler.emit.CapturedTable;
import dev.freshet.compiler.emit.ChangeLog;
import dev.freshet.compiler.emit.CommitLogWriter;
import dev.freshet.engine.catalog.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/// A change log with its functions, as an apply has found or made it.
///
/// @param id number in the catalog
/// @param functions their text
/// @param columnsAdded statements that are under way may still run functions that capture less
record LogTable(int id, ChangeLog changeLog, String functions, boolean columnsAdded) {

  /// The log as the server has prepared it.
  private record Prepared(ChangeLog log, boolean columnsAdded) {}

  /// Creates the log of a table for the current role, or makes it capture more. Nobody else prunes
  /// or drops it while the session keeps it.
  static LogTable ensure(Session session, CapturedTable table, Capture.Reader reader) {
    int id = numberOf(session, table, reader);
    session.one(
        "SELECT pg_advisory_lock_shared(freshet.log_lock_class(), ?)::text",
        row -> row.getString(1),
        id);
    Prepared prepared =
        Attempts.amongWriters(session, reader.options().publishing())
            .run(
                "capture more columns of table " + table.relation(),
                () -> prepare(session, table, reader, id));
    String functions =
        reader.immediate()
            ? new CommitLogWriter(prepared.log()).script()
            : new CaptureWriter(prepared.log(), limit(session, id, reader)).functions();
    session.execute(functions);
    return new LogTable(id, prepared.log(), functions, prepared.columnsAdded());
  }

  /// The number of the log that the current role has of the table, or the next one.
  private static int numberOf(Session session, CapturedTable table, Capture.Reader reader) {
    String relation = table.relation().sql();
    session.one(
        "SELECT pg_advisory_xact_lock(hashtext('freshet.capture'), ?::regclass::oid::integer)::text",
        row -> row.getString(1),
        relation);
    return session
        .first(
            """
            SELECT l.id FROM freshet.change_logs l
            WHERE l.relation = ?::regclass AND l.owner = quote_ident(current_user)::regrole AND l.immediate = ? AND l.eager = ?
              AND (NOT l.eager OR l.id IN (SELECT r.log_id FROM freshet.log_readers r
                JOIN freshet.materialized_views m ON m.id = r.view_id AND m.relation = to_regclass(?)))
            """,
            row -> row.getInt(1),
            relation,
            reader.immediate(),
            reader.eager(),
            reader.view().sql())
        .orElseGet(() ->
            session.one(
                "SELECT nextval(pg_get_serial_sequence('freshet.change_logs', 'id'))",
                row -> row.getInt(1)));
  }

  private static Prepared prepare(
      Session session, CapturedTable table, Capture.Reader reader, int id) {
    return session.one(
        "SELECT p.log::text AS log_name, p.* FROM freshet.prepare_log(?, ?::regclass, ?, ?::name[], ?, ?) p",
        row ->
            new Prepared(
                new ChangeLog(
                    id,
                    table.relation(),
                    row.getString("log_name"),
                    reader.immediate(),
                    columns(row)),
                row.getBoolean("added")),
        id,
        table.relation().sql(),
        ObjectNames.log(table.relation().name(), id),
        table.columns().toArray(String[]::new),
        reader.immediate(),
        reader.eager());
  }

  private static Map<String, String> columns(ResultSet row) throws SQLException {
    String[] names = (String[]) row.getArray("names").getArray();
    String[] places = (String[]) row.getArray("places").getArray();
    Map<String, String> columns = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      columns.put(names[i], places[i]);
    }
    return columns;
  }

  private static CaptureWriter.Limit limit(Session session, int id, Capture.Reader reader) {
    return session.one(
        "SELECT l.* FROM freshet.limit_log(?, to_regclass(?), ?) l",
        row -> new CaptureWriter.Limit(row.getLong("rows"), row.getLong("bytes")),
        id,
        reader.view().sql(),
        reader.options().maxPendingRows());
  }
}
