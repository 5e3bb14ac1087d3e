package dev.freshet.tests.random;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// What the history says of the latest refresh.
///
/// @param changed rows that were written or removed
record Refreshed(String strategy, String reason, long changed) {
  private static final String LATEST =
      """
      SELECT strategy, reason, inserted + updated + deleted
      FROM freshet.refresh_history ORDER BY id DESC LIMIT 1\
      """;

  static Refreshed latest(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(LATEST)) {
      rows.next();
      return new Refreshed(rows.getString(1), rows.getString(2), rows.getLong(3));
    }
  }
}
