package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.engine.catalog.Session;
import java.util.Optional;

/// The view beside an incremental view that reads the changes since its last refresh, too:
/// `sales_realtime` beside `sales`. There is none if something else bears that name.
final class RealTimeView {
  private RealTimeView() {}

  /// The one that a view has.
  static Optional<QualifiedName> of(Session session, int id) {
    return session
        .list(
            """
            SELECT n.nspname, c.relname FROM freshet.materialized_views m
            JOIN pg_class c ON c.oid = m.real_time JOIN pg_namespace n ON n.oid = c.relnamespace WHERE m.id = ?
            """,
            row -> new QualifiedName(row.getString(1), row.getString(2)),
            id)
        .stream()
        .findFirst();
  }

  /// Whether the generated functions of a view can tell which changes wait.
  static boolean isPossible(Session session, String base) {
    return session.one("SELECT freshet.reads_changes(?)", row -> row.getBoolean(1), base);
  }

  /// Creates it where that is possible, with the rights that the file gives on the view.
  static void create(
      Session session, ViewShape shape, DeclaredView declared, String storage, int generation) {
    QualifiedName name =
        new QualifiedName(shape.view().schema(), ObjectNames.realTime(shape.view().name()));
    if (!isPossible(session, shape.base()) || isTaken(session, name)) {
      return;
    }
    session.execute("CREATE VIEW " + name + " AS " + query(session, shape, storage, generation));
    session.execute(
        "COMMENT ON VIEW %s IS %s"
            .formatted(
                name,
                Quote.literal("Freshet: " + shape.view() + " with the changes since its refresh")));
    Details.grants(declared.grants(), name).forEach(session::execute);
    session.update(
        "UPDATE freshet.materialized_views SET real_time = ?::regclass WHERE id = ?",
        name.sql(),
        shape.storage().viewId());
  }

  private static boolean isTaken(Session session, QualifiedName name) {
    return session.one("SELECT to_regclass(?) IS NOT NULL", row -> row.getBoolean(1), name.sql());
  }

  private static String query(Session session, ViewShape shape, String storage, int generation) {
    return session.one(
        "SELECT freshet.real_time_query(?::regclass, ?, ?, ?)",
        row -> row.getString(1),
        storage,
        shape.storage().viewId(),
        generation,
        shape.base());
  }

  /// Makes it read another storage of the view, or creates or drops it, as the view now needs.
  static void follow(
      Session session, ViewShape shape, DeclaredView declared, String storage, int generation) {
    int id = shape.storage().viewId();
    if (of(session, id).isEmpty()) {
      create(session, shape, declared, storage, generation);
    } else if (isPossible(session, shape.base())) {
      session.one(
          "SELECT freshet.point_real_time_view(?, ?::regclass, ?, ?)::text",
          row -> row.getString(1),
          id,
          storage,
          generation,
          shape.base());
    } else {
      drop(session, id);
    }
  }

  /// Drops it; refused by PostgreSQL while others read it.
  static void drop(Session session, int id) {
    of(session, id).ifPresent(name -> session.execute("DROP VIEW " + name));
  }

  /// Drops it, or makes it a plain view of the query where others read it.
  static void release(Session session, ExistingView view) {
    Optional<QualifiedName> name = of(session, view.id());
    if (name.isEmpty()) {
      return;
    }
    try {
      session.inSavepoint(() -> {
        drop(session, view.id());
        return true;
      });
    } catch (FreshetException e) {
      if (!e.sqlState().equals("2BP01")) {
        throw e;
      }
      session.withCatalogPath(() -> {
        session.execute("CREATE OR REPLACE VIEW " + name.get() + " AS " + view.query());
        session.execute("COMMENT ON VIEW " + name.get() + " IS NULL");
        return true;
      });
    }
  }

  /// The function that the views read, and its ticket; nothing may read them any more.
  static void dropFunction(Session session, String base) {
    session.execute(
        "DROP FUNCTION IF EXISTS %s(uuid)"
            .formatted(new QualifiedName("freshet_data", base + "_current").sql()));
    session.execute(
        "DROP TABLE IF EXISTS " + new QualifiedName("freshet_data", base + "_ticket").sql());
  }
}
