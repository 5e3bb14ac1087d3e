package dev.freshet.tests.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/// An empty database with Freshet's catalog. Closing drops it, with the roles and tablespaces that
/// were made meanwhile.
public final class TestDatabase implements AutoCloseable {
  private static final String PASSWORD = "test";
  private static final String STATEMENT_TIMEOUT = "-c statement_timeout=60s";

  private final TestServer server;
  private final String name;

  TestDatabase(TestServer server, String name) {
    this.server = server;
    this.name = name;
  }

  public TestServer server() {
    return server;
  }

  /// Connections of the superuser.
  public PGSimpleDataSource source() {
    PGSimpleDataSource source = server.source(name);
    source.setOptions(STATEMENT_TIMEOUT);
    return source;
  }

  /// Connections that send each statement as psql does, of the superuser or of a role.
  public PGSimpleDataSource source(Optional<String> role) throws SQLException {
    PGSimpleDataSource source = source();
    source.setPreferQueryMode(PreferQueryMode.SIMPLE);
    if (role.isPresent()) {
      server.execute("ALTER ROLE " + role.get() + " LOGIN PASSWORD '" + PASSWORD + "'");
      source.setUser(role.get());
      source.setPassword(PASSWORD);
    }
    return source;
  }

  public Connection connect() throws SQLException {
    return source().getConnection();
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// The first column of a query's rows; NULL as `∅`.
  public List<String> strings(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        String value = rows.getString(1);
        values.add(value == null ? "∅" : value);
      }
      return values;
    }
  }

  /// The only value of a query.
  public String string(String sql) throws SQLException {
    return strings(sql).getFirst();
  }

  @Override
  public void close() throws SQLException {
    server.execute("DROP DATABASE " + name + " WITH (FORCE)");
    for (String role : server.roles()) {
      server.execute("DROP ROLE " + role);
    }
  }
}
