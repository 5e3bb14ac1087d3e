package dev.freshet.engine.schedule;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.logging.Logger;
import javax.sql.DataSource;

/// Connections that find nothing but PostgreSQL's own functions and operators by a plain name. A
/// daemon often is a superuser: whoever may create objects in a schema of its search path could
/// otherwise make it run their code.
record PinnedPath(DataSource source) implements DataSource {

  @Override
  public Connection getConnection() throws SQLException {
    return pinned(source.getConnection());
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return pinned(source.getConnection(user, password));
  }

  private static Connection pinned(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET search_path TO pg_catalog, pg_temp; RESET statement_timeout");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return source.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    source.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    source.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return source.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return source.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return source.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return source.isWrapperFor(type);
  }
}
