package dev.freshet.engine.install;

import dev.freshet.View;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.engine.catalog.Migrations;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.schema.Relations;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the views that Freshet looks after.
final class ExistingViews {
  private static final String SELECT =
      """
      SELECT m.*, n.nspname, c.relname, c.relowner::regrole::text AS owner_sql, r.rolname,
        coalesce(pg_get_viewdef(m.definition), m.query) AS canonical,
        (SELECT array_agg(o.key ORDER BY o.key) FROM jsonb_each_text(m.options) o) AS names,
        (SELECT array_agg(o.value ORDER BY o.key) FROM jsonb_each_text(m.options) o) AS vals,
        (SELECT array_agg(x.relname::text ORDER BY x.oid) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
         WHERE i.indrelid = m.storage AND x.relname <> m.base_name || '_lookup') AS index_names
      FROM freshet.materialized_views m
      JOIN pg_class c ON c.oid = m.relation
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_roles r ON r.oid = c.relowner
      """;

  private ExistingViews() {}

  /// All of them by name; none before Freshet is installed.
  static Map<QualifiedName, ExistingView> all(Session session) {
    Map<QualifiedName, ExistingView> views = new LinkedHashMap<>();
    if (Migrations.installed(session) > 0) {
      read(session, SELECT + " ORDER BY m.id").forEach(view -> views.put(view.name(), view));
    }
    return views;
  }

  static ExistingView byId(Session session, int id) {
    return find(session, id).orElseThrow();
  }

  static Optional<ExistingView> find(Session session, int id) {
    return read(session, SELECT + " WHERE m.id = " + id).stream().findFirst();
  }

  private static List<ExistingView> read(Session session, String sql) {
    List<ExistingView> views =
        session.withCatalogPath(() -> session.list(sql, ExistingViews::view));
    return views.stream().map(view -> withDefinitions(session, view)).toList();
  }

  private static ExistingView view(ResultSet row) throws SQLException {
    return new ExistingView(
        row.getInt("id"),
        new QualifiedName(row.getString("nspname"), row.getString("relname")),
        View.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        row.getString("base_name"),
        row.getInt("revision"),
        row.getInt("generation"),
        row.getString("rolname"),
        row.getBoolean("unlogged"),
        pairs(row.getArray("names"), row.getArray("vals")),
        row.getString("canonical").strip().replaceAll(";$", ""),
        row.getString("origin"),
        pairs(row.getArray("index_names"), row.getArray("index_names")));
  }

  private static ExistingView withDefinitions(Session session, ExistingView view) {
    Map<String, String> definitions = new LinkedHashMap<>();
    for (String index : view.indexes().keySet()) {
      String name = new QualifiedName("freshet_data", index).sql();
      definitions.put(index, Relations.indexDefinition(session, name));
    }
    return view.withIndexes(definitions);
  }

  private static Map<String, String> pairs(@Nullable Array names, @Nullable Array values)
      throws SQLException {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (names != null && values != null) {
      String[] keys = (String[]) names.getArray();
      String[] texts = (String[]) values.getArray();
      for (int i = 0; i < keys.length; i++) {
        pairs.put(keys[i], texts[i]);
      }
    }
    return pairs;
  }
}
