package dev.freshet.engine.install;

import dev.freshet.MissingGrant;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.engine.catalog.Migrations;
import dev.freshet.engine.catalog.Session;
import java.util.ArrayList;
import java.util.List;

/// Tells which rights the connected role lacks.
public final class RightsCheck {
  private final Session session;
  private final String role;
  private final List<MissingGrant> missing = new ArrayList<>();

  public RightsCheck(Session session) {
    this.session = session;
    this.role = Quote.name(session.one("SELECT current_user", row -> row.getString(1)));
  }

  /// Looks at the rights in the database and in these schemas.
  ///
  /// @param schemas in which views are to be created and whose tables they read
  public List<MissingGrant> run(List<String> schemas) {
    String database = session.one("SELECT current_database()", row -> row.getString(1));
    int installed = Migrations.installed(session);
    if (installed < Migrations.latest()) {
      need(
          "has_database_privilege(current_database(), 'CREATE')",
          "database " + Quote.name(database),
          "CREATE",
          "the catalog, in schemas freshet and freshet_data");
    }
    if (installed > 0) {
      need(
          "has_schema_privilege('freshet_data', 'CREATE')",
          "schema freshet_data",
          "CREATE",
          "the storages of the views");
    }
    for (String schema : schemas) {
      String object = "schema " + Quote.name(schema);
      String literal = Quote.literal(schema);
      need("has_schema_privilege(" + literal + ", 'USAGE')", object, "USAGE", "its tables");
      need("has_schema_privilege(" + literal + ", 'CREATE')", object, "CREATE", "the views");
      tables(literal);
    }
    return missing;
  }

  private void need(String condition, String object, String privilege, String why) {
    if (!session.one("SELECT " + condition, row -> row.getBoolean(1))) {
      missing.add(
          new MissingGrant(
              object,
              privilege,
              why,
              "GRANT %s ON %s TO %s"
                  .formatted(
                      privilege,
                      object.toUpperCase(java.util.Locale.ROOT).startsWith("SCHEMA")
                          ? "SCHEMA" + object.substring(6)
                          : "DATABASE" + object.substring(8),
                      role)));
    }
  }

  private void tables(String schema) {
    session
        .list(
            """
            SELECT c.oid::regclass::text
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = %s AND c.relkind IN ('r', 'p') AND NOT has_table_privilege(c.oid, 'SELECT')
            ORDER BY c.relname
            """
                .formatted(schema),
            row -> row.getString(1))
        .forEach(table ->
            missing.add(
                new MissingGrant(
                    "table " + table,
                    "SELECT",
                    "views that read it",
                    "GRANT SELECT ON TABLE %s TO %s".formatted(table, role))));
  }
}
