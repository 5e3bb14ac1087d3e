package dev.freshet.engine.install;

import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.engine.catalog.Session;
import java.util.List;

/// A native materialized view as a view file would declare it.
///
/// @param owner role name
/// @param declaration CREATE MATERIALIZED VIEW and its indexes, as SQL text
/// @param details GRANT and COMMENT statements for the plain view that takes its place
record NativeView(String owner, String declaration, List<String> details) {

  static NativeView read(Session session, QualifiedName view) {
    return session.withCatalogPath(
        () ->
            new NativeView(
                session.one(
                    "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = ?::regclass",
                    row -> row.getString(1),
                    view.sql()),
                String.join(
                    ";\n",
                    session.list(
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
                        """,
                        row -> row.getString(1),
                        view.sql(),
                        view.sql(),
                        view.sql())),
                session.list(
                    """
                    SELECT format('GRANT %s ON %s TO %s%s', e.privilege_type, ?,
                      CASE e.grantee WHEN 0 THEN 'PUBLIC' ELSE e.grantee::regrole::text END,
                      CASE WHEN e.is_grantable THEN ' WITH GRANT OPTION' END)
                    FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) e
                    WHERE c.oid = ?::regclass AND e.grantee <> c.relowner
                      AND e.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES', 'TRIGGER')
                    UNION ALL
                    SELECT CASE WHEN d.objsubid = 0 THEN format('COMMENT ON VIEW %s IS %L', ?, d.description)
                      ELSE format('COMMENT ON COLUMN %s.%I IS %L', ?, a.attname, d.description) END
                    FROM pg_description d
                    LEFT JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
                    WHERE d.classoid = 'pg_class'::regclass AND d.objoid = ?::regclass
                    """,
                    row -> row.getString(1),
                    view.sql(),
                    view.sql(),
                    view.sql(),
                    view.sql(),
                    view.sql())));
  }
}
