package dev.freshet.app.http;

import dev.freshet.engine.schedule.Scheduler;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;

/// Whether the daemon can do its work now.
///
/// @param status `ok`, or `failing` if one of the others says so
/// @param database the database answers
/// @param catalogVersion version of the catalog; empty while the database does not answer
/// @param scheduler the scheduler works
record Health(
    String status, boolean database, Optional<Integer> catalogVersion, boolean scheduler) {
  private static final int TIMEOUT_SECONDS = 5;

  static Health of(DataSource dataSource, Scheduler scheduler) {
    Optional<Integer> version = catalogVersion(dataSource);
    boolean alive = scheduler.isAlive();
    String status = version.isPresent() && alive ? "ok" : "failing";
    return new Health(status, version.isPresent(), version, alive);
  }

  boolean isGood() {
    return status.equals("ok");
  }

  private static Optional<Integer> catalogVersion(DataSource dataSource) {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(TIMEOUT_SECONDS);
      ResultSet rows = statement.executeQuery("SELECT max(version) FROM freshet.migrations");
      return rows.next() ? Optional.of(rows.getInt(1)) : Optional.empty();
    } catch (SQLException e) {
      return Optional.empty();
    }
  }
}
