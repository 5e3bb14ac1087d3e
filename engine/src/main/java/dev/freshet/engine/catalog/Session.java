package dev.freshet.engine.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// One connection, with errors as [FreshetException]. Autocommit is on unless [#inTransaction]
/// runs.
public final class Session implements AutoCloseable {
  private final Connection connection;

  private Session(Connection connection) {
    this.connection = connection;
  }

  public static Session open(DataSource dataSource) {
    try {
      Connection connection = dataSource.getConnection();
      connection.setAutoCommit(true);
      return new Session(connection);
    } catch (SQLException e) {
      throw ServerErrors.translate(e);
    }
  }

  public Connection connection() {
    return connection;
  }

  /// Runs statements that return nothing; several may be separated by semicolons.
  public void execute(String sql) {
    attempt(() -> {
      try (Statement statement = connection.createStatement()) {
        return statement.execute(sql);
      }
    });
  }

  /// Runs one statement with parameters; returns the number of rows it changed.
  public int update(String sql, @Nullable Object... parameters) {
    return attempt(() -> {
      try (PreparedStatement statement = prepare(sql, parameters)) {
        return statement.executeUpdate();
      }
    });
  }

  /// Without parameters the SQL is sent as it is: a `?` in it is an operator of jsonb.
  public <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... parameters) {
    return attempt(() -> {
      if (parameters.length == 0) {
        try (Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery(sql)) {
          return read(rows, reader);
        }
      }
      try (PreparedStatement statement = prepare(sql, parameters);
          ResultSet rows = statement.executeQuery()) {
        return read(rows, reader);
      }
    });
  }

  private static <T> List<T> read(ResultSet rows, RowReader<T> reader) throws SQLException {
    List<T> found = new ArrayList<>();
    while (rows.next()) {
      found.add(reader.read(rows));
    }
    return found;
  }

  public <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... parameters) {
    return list(sql, reader, parameters).stream().findFirst();
  }

  /// The only row of a query that always has one.
  public <T> T one(String sql, RowReader<T> reader, @Nullable Object... parameters) {
    return list(sql, reader, parameters).getFirst();
  }

  /// Runs the work in one transaction: commits at its end, rolls back if it throws.
  public <T> T inTransaction(Work<T> work) {
    return attempt(() -> {
      connection.setAutoCommit(false);
      try {
        // Whatever the role's default: what is read after a wait for a lock must be up to date.
        execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
        T result = work.run();
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        undo(e);
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    });
  }

  /// Rolls back; if even that fails, as when the server is gone, the first error stays the one.
  private void undo(Exception first) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      first.addSuppressed(e);
    }
  }

  /// Runs the work in a savepoint; what it did is undone if it throws.
  public <T> T inSavepoint(Work<T> work) {
    return attempt(() -> {
      Savepoint savepoint = connection.setSavepoint();
      try {
        T result = work.run();
        connection.releaseSavepoint(savepoint);
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback(savepoint);
        throw e;
      }
    });
  }

  /// Runs the work, inside a transaction, with nothing but PostgreSQL's own names in sight.
  public <T> T withCatalogPath(Work<T> work) {
    String path = one("SELECT current_setting('search_path')", row -> row.getString(1));
    localSetting("search_path", "pg_catalog, pg_temp");
    T result = attempt(work);
    localSetting("search_path", path);
    return result;
  }

  /// Sets a setting until the end of the transaction.
  public void localSetting(String name, String value) {
    one("SELECT set_config(?, ?, true)", row -> row.getString(1), name, value);
  }

  /// Cancels what runs on this connection, from another thread.
  public void cancel() {
    attempt(() -> {
      connection.unwrap(PGConnection.class).cancelQuery();
      return true;
    });
  }

  @Override
  public void close() {
    attempt(() -> {
      connection.close();
      return true;
    });
  }

  private PreparedStatement prepare(String sql, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  private static <T> T attempt(Work<T> work) {
    try {
      return work.run();
    } catch (SQLException e) {
      throw ServerErrors.translate(e);
    }
  }

  /// Reads one row.
  @FunctionalInterface
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// Something done on a connection.
  @FunctionalInterface
  public interface Work<T> {
    T run() throws SQLException;
  }
}
