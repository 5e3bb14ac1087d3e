package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.engine.catalog.Session;
import java.util.List;

/// A view and the plain views that read it, so that they can be dropped and made again just as they
/// were: owner, rights, comments, options, triggers and defaults included. Anything else that
/// depends on them is refused by name.
final class Dependents {
  private static final String PLAIN_VIEWS =
      """
      WITH RECURSIVE above (relation, depth) AS (
        SELECT ?::regclass::oid, 0
        UNION
        SELECT w.ev_class, a.depth + 1 FROM above a
        JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = a.relation
          AND d.classid = 'pg_rewrite'::regclass
        JOIN pg_rewrite w ON w.oid = d.objid AND w.ev_class <> a.relation
      )
      SELECT c.oid::regclass::text,
        CASE WHEN EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN') THEN 'rules' ELSE c.relkind::text END,
        max(a.depth)
      FROM above a JOIN pg_class c ON c.oid = a.relation
      GROUP BY c.oid, c.relkind ORDER BY max(a.depth), c.oid
      """;

  /// Statements that make one view again, in order.
  private static final String RECREATE =
      """
      SELECT s.statement FROM (
        SELECT 1 AS place, format('CREATE VIEW %1$s%2$s AS %3$s', v.name,
          ' WITH (' || array_to_string(c.reloptions, ', ') || ')', pg_get_viewdef(c.oid)) AS statement
        UNION ALL SELECT 2, format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', v.name, a.attname, pg_get_expr(d.adbin, d.adrelid))
          FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = c.oid
        UNION ALL SELECT 3, pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
        UNION ALL SELECT 4, CASE WHEN d.objsubid = 0 THEN format('COMMENT ON VIEW %s IS %L', v.name, d.description)
            ELSE format('COMMENT ON COLUMN %s.%I IS %L', v.name, a.attname, d.description) END
          FROM pg_description d LEFT JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
          WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid
        UNION ALL SELECT 4.5, format('SELECT freshet.revoke_defaults(%L)', v.name)
        UNION ALL SELECT 5, format('GRANT %s%s ON %s TO %s%s', g.privilege_type, g.columns, v.name,
            CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END,
            CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' END)
          FROM (
            SELECT e.*, NULL AS columns FROM aclexplode(c.relacl) e
            UNION ALL
            SELECT e.*, format(' (%I)', a.attname) FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) e
            WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL
          ) g WHERE g.grantee <> c.relowner
        UNION ALL SELECT 6, format('ALTER VIEW %s OWNER TO %s', v.name, c.relowner::regrole)
      ) s ORDER BY s.place
      """;

  private final Session session;
  private final QualifiedName view;
  private final List<Relation> relations;
  private final List<List<String>> recreate;

  /// @param name in SQL form
  /// @param kind `v` for a plain view, `m` for a native materialized one
  private record Relation(String name, String kind) {
    String drop() {
      return "DROP " + (kind.equals("m") ? "MATERIALIZED " : "") + "VIEW " + name;
    }
  }

  private Dependents(
      Session session, QualifiedName view, List<Relation> relations, List<List<String>> recreate) {
    this.session = session;
    this.view = view;
    this.relations = relations;
    this.recreate = recreate;
  }

  /// Reads the view itself, first, and its dependents in the order in which they can be made.
  static Dependents of(Session session, QualifiedName view) {
    return session.withCatalogPath(() -> {
      List<Relation> relations =
          session.list(
              PLAIN_VIEWS, row -> new Relation(row.getString(1), row.getString(2)), view.sql());
      relations.stream().skip(1).forEach(relation -> refuseOther(view, relation));
      List<List<String>> recreate =
          relations.stream().map(relation -> statements(session, relation.name())).toList();
      return new Dependents(session, view, relations, recreate);
    });
  }

  private static List<String> statements(Session session, String name) {
    return session.list(
        "SELECT x.statement FROM (SELECT ?::regclass::oid AS oid, ? AS name) v"
            + " JOIN pg_class c ON c.oid = v.oid CROSS JOIN LATERAL ("
            + RECREATE
            + ") x",
        row -> row.getString(1),
        name,
        name);
  }

  private static void refuseOther(QualifiedName view, Relation dependent) {
    if (!dependent.kind().equals("v")) {
      throw refuse(view, "relation " + dependent.name());
    }
  }

  /// Drops dependents first. ACCESS EXCLUSIVE on each.
  void dropAll() {
    for (Relation relation : relations.reversed()) {
      try {
        session.execute(relation.drop());
      } catch (FreshetException e) {
        throw e.sqlState().equals("2BP01") ? refuse(view, String.valueOf(e.problem().detail())) : e;
      }
    }
  }

  /// Makes the dependents again; the view itself is already there, only its rights and comments are
  /// restored.
  void createAll() {
    session.withCatalogPath(() -> {
      recreate.getFirst().stream().filter(Dependents::isDetail).forEach(session::execute);
      recreate.stream().skip(1).forEach(list -> list.forEach(session::execute));
      pointCatalog();
      return true;
    });
  }

  /// Refuses if anything reads the view, which then cannot become a native one.
  void refuseAny() {
    if (relations.size() > 1) {
      throw new FreshetException(
          Problem.of(
                  "2BP01", view + " cannot become a native materialized view while others read it")
              .withDetail("View " + relations.get(1).name() + " depends on it.")
              .withHint("Uninstall without --as, which leaves plain views, or drop it first."));
    }
  }

  /// The rights and comments of the view itself, for a materialized view in its place.
  List<String> details() {
    return recreate.getFirst().stream()
        .filter(Dependents::isDetail)
        .map(s -> s.replaceFirst("^COMMENT ON VIEW", "COMMENT ON MATERIALIZED VIEW"))
        .toList();
  }

  private static boolean isDetail(String statement) {
    return statement.startsWith("GRANT ") || statement.startsWith("COMMENT ON ");
  }

  /// Dependents may be definition views and wrappers of other managed views: their rows follow.
  private void pointCatalog() {
    session.execute(
        """
        UPDATE freshet.materialized_views m
        SET definition = format('freshet_data.%I', m.base_name || '_query')::regclass
        WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.definition)
        """);
  }

  private static FreshetException refuse(QualifiedName view, String dependent) {
    return new FreshetException(
        Problem.of(
                "2BP01",
                "cannot change the columns of materialized view " + view + " while others use them")
            .withDetail("This depends on it: " + dependent)
            .withHint("Drop it first and create it again afterwards, or only append columns."));
  }
}
