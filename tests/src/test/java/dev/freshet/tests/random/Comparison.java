package dev.freshet.tests.random;

import dev.freshet.tests.fixture.Oracle;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/// Compares one view with its query in one statement, and so in one snapshot. What it finds is
/// described by the [Oracle] of the fixtures.
///
/// @param sql returns the number of places where the two differ
record Comparison(String view, boolean determined, String sql) {
  /// Images that are the same row by row are also equal.
  private static final String BY_IMAGE =
      """
      SELECT count(*) FROM (SELECT r, row_number() OVER (ORDER BY r USING OPERATOR(pg_catalog.*<)) AS place FROM %1$s r) wanted \
      FULL JOIN (SELECT r, row_number() OVER (ORDER BY r USING OPERATOR(pg_catalog.*<)) AS place FROM %2$s r) found USING (place) \
      WHERE NOT coalesce(wanted.r OPERATOR(pg_catalog.*=) found.r, false)\
      """;

  private static final String BY_EQUALITY =
      """
      SELECT count(*) FROM ((TABLE %1$s EXCEPT ALL TABLE %2$s) UNION ALL (TABLE %2$s EXCEPT ALL TABLE %1$s)) different\
      """;

  /// @param definition the plain view of the query
  /// @param determined how the rows look is compared, not only what they equal
  static Comparison of(String view, String definition, boolean determined) {
    String sql = determined ? BY_IMAGE : BY_EQUALITY;
    return new Comparison(view, determined, sql.formatted(definition, view));
  }

  /// What differs; empty if nothing does.
  Optional<String> run(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      long different = rows.getLong(1);
      return different == 0 ? Optional.empty() : Optional.of(described(connection, different));
    }
  }

  private String described(Connection connection, long different) throws SQLException {
    Oracle oracle = new Oracle(connection);
    if (!determined) {
      oracle.setUndetermined(view);
    }
    try {
      oracle.check(view);
      return different + " differences that the oracle does not see";
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage());
    } finally {
      connection.setAutoCommit(true);
    }
  }
}
