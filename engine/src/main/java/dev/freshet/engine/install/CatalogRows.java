package dev.freshet.engine.install;

import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.engine.catalog.Session;
import java.sql.Timestamp;
import java.util.Map;
import java.util.Optional;

/// Writes the row of a view in `freshet.materialized_views`.
final class CatalogRows {
  private CatalogRows() {}

  /// The number of a view that is about to be made: the names of its objects need it first.
  static int nextId(Session session) {
    return session.one(
        "SELECT nextval(pg_get_serial_sequence('freshet.materialized_views', 'id'))",
        row -> row.getInt(1));
  }

  static void insert(Session session, ViewShape shape, DeclaredView declared, String origin) {
    session.update(
        """
        INSERT INTO freshet.materialized_views
          (id, kind, relation, storage, definition, base_name, unlogged, options, query, source_file, origin)
        OVERRIDING SYSTEM VALUE
        SELECT ?, 'managed', ?::regclass, ?::regclass, ?::regclass, ?, ?, jsonb_object(?::text[], ?::text[]), ?, ?, ?
        """,
        shape.storage().viewId(),
        shape.view().sql(),
        shape.object(""),
        shape.object("_query"),
        shape.base(),
        shape.storage().unlogged(),
        names(declared),
        values(declared),
        declared.view().query().text(),
        declared.file().source().file(),
        origin);
  }

  /// Makes the row point at the objects of another definition.
  static void replace(Session session, ViewShape shape, DeclaredView declared, int revision) {
    session.update(
        """
        UPDATE freshet.materialized_views
        SET storage = ?::regclass, definition = ?::regclass, base_name = ?, revision = ?, unlogged = ?,
            query = ?, relation = ?::regclass
        WHERE id = ?
        """,
        shape.object(""),
        shape.object("_query"),
        shape.base(),
        revision,
        shape.storage().unlogged(),
        declared.view().query().text(),
        shape.view().sql(),
        shape.storage().viewId());
  }

  /// Makes the row point at a view that was created anew.
  static void relation(Session session, ViewShape shape) {
    session.update(
        "UPDATE freshet.materialized_views SET relation = ?::regclass WHERE id = ?",
        shape.view().sql(),
        shape.storage().viewId());
  }

  static void updateOptions(Session session, int id, DeclaredView declared, String origin) {
    session.update(
        """
        UPDATE freshet.materialized_views
        SET options = jsonb_object(?::text[], ?::text[]), source_file = ?, origin = ?, applied_at = clock_timestamp()
        WHERE id = ?
        """,
        names(declared),
        values(declared),
        declared.file().source().file(),
        origin,
        id);
  }

  /// Corrects the moment whose data a view shows; empty means that nobody knows.
  static void updateAsOf(Session session, int id, long refresh, Optional<Timestamp> asOf) {
    Timestamp time = asOf.orElse(null);
    session.update("UPDATE freshet.materialized_views SET as_of = ? WHERE id = ?", time, id);
    session.update("UPDATE freshet.refresh_history SET as_of = ? WHERE id = ?", time, refresh);
  }

  private static String[] names(DeclaredView declared) {
    return options(declared).keySet().toArray(String[]::new);
  }

  private static String[] values(DeclaredView declared) {
    return options(declared).values().toArray(String[]::new);
  }

  static Map<String, String> options(DeclaredView declared) {
    Map<String, String> options = new java.util.TreeMap<>();
    declared
        .options()
        .settings()
        .forEach((name, value) -> options.put(name.replaceFirst("^freshet\\.", ""), value));
    return options;
  }
}
