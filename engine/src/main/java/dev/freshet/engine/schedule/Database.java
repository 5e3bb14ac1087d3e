package dev.freshet.engine.schedule;

import dev.freshet.engine.catalog.ServerErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Short statements of the daemon, each on a connection of its own and with a timeout. Failures are
/// [dev.freshet.FreshetException] with the fields of the server's error.
record Database(DataSource dataSource) {
  private static final int TIMEOUT_SECONDS = 30;

  /// Reads one row.
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// What is done with a connection.
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... parameters) {
    return with(connection -> list(connection, sql, reader, parameters));
  }

  <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... parameters) {
    return list(sql, reader, parameters).stream().findFirst();
  }

  /// Returns the number of rows changed.
  int update(String sql, @Nullable Object... parameters) {
    return with(connection -> {
      try (PreparedStatement statement = prepare(connection, sql, parameters)) {
        return statement.executeUpdate();
      }
    });
  }

  <T> T with(Work<T> work) {
    try (Connection connection = dataSource.getConnection()) {
      return work.on(connection);
    } catch (SQLException e) {
      throw ServerErrors.translate(e);
    }
  }

  static <T> List<T> list(
      Connection connection, String sql, RowReader<T> reader, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      List<T> found = new ArrayList<>();
      while (rows.next()) {
        found.add(reader.read(rows));
      }
      return found;
    }
  }

  private static PreparedStatement prepare(
      Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    statement.setQueryTimeout(TIMEOUT_SECONDS);
    for (int i = 0; i < parameters.length; i++) {
      Object value = parameters[i];
      statement.setObject(
          i + 1, value instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : value);
    }
    return statement;
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
