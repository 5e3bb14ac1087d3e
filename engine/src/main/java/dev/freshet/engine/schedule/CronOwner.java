package dev.freshet.engine.schedule;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The role that owns a job: what it sees by a name, and what it may do.
///
/// @param role name of the role
record CronOwner(Database database, String role) {

  /// True if the daemon itself works as this role.
  boolean isDaemon() {
    return database
        .first("SELECT current_user = ? AS same", row -> row.getBoolean("same"), role)
        .orElseThrow();
  }

  /// The search path that a session of the role begins with.
  String searchPath() {
    return database
        .first(
            """
            SELECT replace(coalesce(
                (SELECT substr(line, length('search_path=') + 1)
                 FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) line
                 WHERE starts_with(line, 'search_path=') AND s.setrole IN (0, r.oid)
                   AND s.setdatabase IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
                 ORDER BY s.setrole = 0, s.setdatabase = 0 LIMIT 1),
                '"$user", public'), '"$user"', quote_ident(r.rolname)) AS path
            FROM pg_roles r WHERE r.rolname = ?
            """,
            row -> row.getString("path"),
            role)
        .orElseThrow(() ->
            new FreshetException(
                Problem.of("42704", "role \"" + role + "\" does not exist")
                    .withHint("Remove the job with cron.unschedule.")));
  }

  /// The relation that the role means by this name, if it may refresh it.
  ///
  /// @throws FreshetException 42P01 if there is none, 42501 if the role may not
  CronTarget target(String name) {
    String path = searchPath();
    long relation = database.with(connection -> resolve(connection, path, name));
    return database
        .first(
            """
            SELECT format('%I.%I', n.nspname, c.relname) AS name, m.id IS NOT NULL AS known,
              c.relkind = 'm' AS materialized,
              pg_has_role(?, c.relowner, 'USAGE') AND has_schema_privilege(?, n.oid, 'USAGE') AS allowed
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN freshet.materialized_views m ON m.relation = c.oid
            WHERE c.oid = ?
            """,
            row ->
                new CronTarget(
                    row.getString("name"),
                    row.getBoolean("known"),
                    row.getBoolean("materialized"),
                    row.getBoolean("allowed")),
            role,
            role,
            relation)
        .orElseThrow(() -> missing(name));
  }

  /// The role chooses its path, so nothing but the lookup of the name may run under it.
  private long resolve(Connection connection, String path, String name) throws SQLException {
    connection.setAutoCommit(false);
    try {
      Database.list(connection, "SELECT set_config('search_path', ?, true)", row -> row, path);
      List<Long> found =
          Database.list(
              connection,
              "SELECT pg_catalog.to_regclass(?::pg_catalog.text)::pg_catalog.oid AS relation",
              row -> row.getLong("relation"),
              name);
      return found.getFirst();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static FreshetException missing(String name) {
    return new FreshetException(
        Problem.of("42P01", "relation \"" + name + "\" does not exist")
            .withDetail("Names are looked up as a session of the job's owner would."));
  }
}
