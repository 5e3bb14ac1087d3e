package dev.freshet.engine.schedule;

import dev.freshet.Cancellation;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.postgresql.PGConnection;

/// Runs SQL as it is, in a session that nobody uses afterwards.
///
/// @param searchPath what the session begins with
record CronStatement(Database database, String searchPath) {
  private static final System.Logger LOG = System.getLogger(CronStatement.class.getName());

  /// As long as it takes: a job has no timeout, as with pg_cron; it may set one.
  CronResult run(String sql, Cancellation stop) {
    return database.with(connection -> {
      try {
        return run(connection, sql, stop);
      } finally {
        connection.abort(Runnable::run);
      }
    });
  }

  private CronResult run(Connection connection, String sql, Cancellation stop) throws SQLException {
    int pid = connection.unwrap(PGConnection.class).getBackendPID();
    Database.list(connection, "SELECT set_config('search_path', ?, false)", row -> row, searchPath);
    try (Statement statement = connection.createStatement();
        Cancellation.Registration _ = stop.onCancel(() -> cancel(statement))) {
      boolean rows = statement.execute(sql);
      return new CronResult(rows ? "rows" : statement.getUpdateCount() + " rows", Optional.of(pid));
    }
  }

  private static void cancel(Statement statement) {
    try {
      statement.cancel();
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "the statement ended before it could be cancelled", e);
    }
  }
}
