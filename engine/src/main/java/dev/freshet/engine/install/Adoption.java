package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.emit.ScriptWriter;
import dev.freshet.compiler.emit.TopOff;
import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.schema.Relations;
import dev.freshet.engine.schema.StorageReader;

/// Takes a native materialized view under management. It stays native and is not rebuilt: it only
/// gets a definition view to compare with and an empty table that carries the refresh lock.
public final class Adoption {
  private final Session session;

  public Adoption(Session session) {
    this.session = session;
  }

  /// Adopts the view of this name. Returns its number.
  public int adopt(String name) {
    return session.inTransaction(() -> adoptNow(name));
  }

  private int adoptNow(String name) {
    QualifiedName view = Relations.resolve(session, QualifiedName.parse(name));
    refuseOther(view);
    String owner =
        session.one(
            "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = ?::regclass",
            row -> row.getString(1),
            view.sql());
    Ownership.actAs(session, owner);
    int id = CatalogRows.nextId(session);
    String base = ObjectNames.base(view.name(), id, 1);
    String storage = new QualifiedName("freshet_data", base).sql();
    String definition = new QualifiedName("freshet_data", base + "_query").sql();
    String query =
        session.withCatalogPath(() -> DefinitionView.canonicalQuery(session, view.sql()));
    session.execute("CREATE VIEW " + definition + columns(view) + " AS " + query);
    session.execute("CREATE TABLE " + storage + " ()");
    session.execute(
        "COMMENT ON TABLE " + storage + " IS 'Freshet: lock of the refreshes of a native view'");
    insert(id, view, base, query);
    session.execute(functions(view, id, base));
    return id;
  }

  /// The columns of the view may bear other names than its query gives them.
  private String columns(QualifiedName view) {
    return session.one(
        """
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped
        """,
        row -> " (" + row.getString(1) + ")",
        view.sql());
  }

  private void insert(int id, QualifiedName view, String base, String query) {
    session.update(
        """
        INSERT INTO freshet.materialized_views
          (id, kind, relation, storage, definition, base_name, query, origin)
        OVERRIDING SYSTEM VALUE
        SELECT ?, 'native', ?::regclass, ?::regclass, ?::regclass, ?, ?, 'adopt'
        """,
        id,
        view.sql(),
        new QualifiedName("freshet_data", base).sql(),
        new QualifiedName("freshet_data", base + "_query").sql(),
        base,
        query);
  }

  private String functions(QualifiedName view, int id, String base) {
    ViewShape.StorageShape storage =
        new ViewShape.StorageShape(
            id, false, "", "", ShapeReader.pinned(session), new TopOff.None());
    return session.withCatalogPath(() ->
        ScriptWriter.nativeFunctions(
            new ViewShape(
                view,
                base,
                StorageReader.columns(session, view.sql()),
                StorageReader.key(session, view.sql()),
                true,
                storage)));
  }

  private void refuseOther(QualifiedName view) {
    String kind =
        session
            .first(
                """
                SELECT CASE WHEN m.id IS NOT NULL THEN 'known' ELSE c.relkind::text END
                FROM pg_class c LEFT JOIN freshet.materialized_views m ON m.relation = c.oid
                WHERE c.oid = to_regclass(?)
                """,
                row -> row.getString(1),
                view.sql())
            .orElse("");
    switch (kind) {
      case "m" -> {}
      case "" ->
          throw new FreshetException(
              Problem.of("42P01", "materialized view \"" + view.name() + "\" does not exist"));
      case "known" ->
          throw new FreshetException(
              Problem.of("42710", "Freshet already looks after \"" + view.name() + "\"")
                  .withHint(
                      "freshet status shows it. --convert makes a native view a managed one."));
      default ->
          throw new FreshetException(
              Problem.of("42809", "\"" + view.name() + "\" is not a materialized view")
                  .withHint("Only an existing materialized view can be adopted."));
    }
  }
}
