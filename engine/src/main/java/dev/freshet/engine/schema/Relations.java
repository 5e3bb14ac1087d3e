package dev.freshet.engine.schema;

import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.engine.catalog.Session;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Facts about relations and what they depend on.
public final class Relations {
  private Relations() {}

  /// Names of all relations that a view reads, at any depth, in SQL form and qualified.
  ///
  /// The search path must be `pg_catalog` alone.
  public static Set<String> readBy(Session session, String view) {
    return new LinkedHashSet<>(
        session.list(
            """
            WITH RECURSIVE reads (relation) AS (
              SELECT ?::regclass::oid
              UNION
              SELECT d.refobjid FROM reads r
              JOIN pg_rewrite w ON w.ev_class = r.relation
              JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
                AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.relation
            )
            SELECT format('%I.%I', n.nspname, c.relname) FROM reads r
            JOIN pg_class c ON c.oid = r.relation JOIN pg_namespace n ON n.oid = c.relnamespace
            """,
            row -> row.getString(1), view));
  }

  /// What follows `USING` in an index's definition, with `UNIQUE` in front where it is.
  public static String indexDefinition(Session session, String index) {
    return session.one(
        """
        SELECT concat(CASE WHEN i.indisunique THEN 'UNIQUE ' END,
          substr(d.sql, strpos(d.sql, ' USING ') + 7))
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        CROSS JOIN LATERAL (SELECT substr(pg_get_indexdef(i.indexrelid), 1 + length(format('CREATE %sINDEX %I ON ', CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, c.relname)))) d (sql)
        WHERE i.indexrelid = ?::regclass
        """,
        row -> row.getString(1), index);
  }

  /// Where an unqualified name would be created, or where it is found if it exists.
  public static QualifiedName resolve(Session session, QualifiedName name) {
    if (name.schema() != null) {
      return name;
    }
    Optional<String> found =
        session.first(
            """
            SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = to_regclass(?) AND n.nspname NOT LIKE 'pg_temp%'
            UNION ALL SELECT current_schema()
            """,
            row -> row.getString(1), name.sql());
    return found.map(schema -> new QualifiedName(schema, name.name())).orElse(name);
  }
}
