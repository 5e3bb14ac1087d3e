package dev.freshet.engine.install;

import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.engine.catalog.Session;
import java.sql.Timestamp;
import java.util.Optional;

/// A native materialized view as a view file would declare it.
///
/// @param owner role name
/// @param declaration CREATE MATERIALIZED VIEW and its indexes, as SQL text
/// @param asOf the moment whose data it shows; empty unless Freshet has refreshed it
record NativeView(String owner, String declaration, Optional<Timestamp> asOf) {
  private static final String DECLARATION =
      """
      SELECT concat(format('CREATE MATERIALIZED VIEW %1$s (%2$s) ', v.name, v.columns),
          ' TABLESPACE ' || quote_ident(t.spcname), ' AS ', rtrim(pg_get_viewdef(v.oid), ';'))
      FROM (SELECT c.oid, c.reltablespace, ? AS name,
          (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
        FROM pg_class c WHERE c.oid = ?::regclass) v
      LEFT JOIN pg_tablespace t ON t.oid = v.reltablespace
      UNION ALL
      SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = ?::regclass
      """;

  private static final String OWNER =
      """
      SELECT pg_get_userbyid(c.relowner), m.as_of
      FROM pg_class c LEFT JOIN freshet.materialized_views m ON m.relation = c.oid
      WHERE c.oid = ?::regclass
      """;

  static NativeView read(Session session, QualifiedName view) {
    String name = view.sql();
    return session.withCatalogPath(() -> {
      String declaration =
          String.join(";\n", session.list(DECLARATION, row -> row.getString(1), name, name, name));
      return session.one(
          OWNER,
          row ->
              new NativeView(
                  row.getString(1), declaration, Optional.ofNullable(row.getTimestamp(2))),
          name);
    });
  }
}
