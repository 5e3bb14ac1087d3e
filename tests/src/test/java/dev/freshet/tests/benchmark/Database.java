package dev.freshet.tests.benchmark;

import dev.freshet.Freshet;
import dev.freshet.app.postgres.EmbeddedPostgres;
import dev.freshet.app.postgres.ServerOptions;
import dev.freshet.app.postgres.ServerOptions.Lifetime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/// The server of one run, which flushes its writes as a user's server does, and its connections.
final class Database implements AutoCloseable {
  /// Autovacuum looks at the tables every second: with the pace of the bloat part this is what the
  /// usual minute is to a refresh every fifteen seconds.
  private static final Map<String, String> SETTINGS = Map.of("autovacuum_naptime", "1s");

  private static final String NAME = "freshet_benchmark";

  private final PGSimpleDataSource source;
  private final Freshet freshet;
  private final Closing closing;

  /// What ends the server or drops the database.
  private interface Closing {
    void close() throws SQLException;
  }

  private Database(PGSimpleDataSource source, Closing closing) {
    this.source = source;
    this.freshet = Freshet.connect(source);
    this.closing = closing;
  }

  /// A database of its own on a server that is there, which it is removed from at the end.
  ///
  /// @param url a JDBC URL of another database
  static Database at(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      new Session(connection).execute("CREATE DATABASE " + NAME);
    }
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setDatabaseName(NAME);
    Database database =
        new Database(
            source,
            () -> {
              try (Connection connection = DriverManager.getConnection(url)) {
                new Session(connection).execute("DROP DATABASE " + NAME + " WITH (FORCE)");
              }
            });
    database.freshet.install();
    return database;
  }

  static Database start() throws IOException {
    Path home = Files.createTempDirectory("freshet-benchmark-");
    ServerOptions options = ServerOptions.in(home).withLifetime(Lifetime.PROGRAM);
    for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
      options = options.withSetting(setting.getKey(), setting.getValue());
    }
    EmbeddedPostgres server = EmbeddedPostgres.start(options);
    Database database =
        new Database(
            (PGSimpleDataSource) server.dataSource(),
            () -> {
              server.close();
              remove(home);
            });
    database.freshet.install();
    return database;
  }

  Freshet freshet() {
    return freshet;
  }

  /// A connection of the driver's usual kind, whose statements are prepared on the server at once.
  Session open() throws SQLException {
    return open("extended");
  }

  /// @param mode `extended` or `simple`: the protocol's way to send a query
  Session open(String mode) throws SQLException {
    Properties properties = new Properties();
    Optional.ofNullable(source.getUser()).ifPresent(user -> properties.setProperty("user", user));
    Optional.ofNullable(source.getPassword())
        .ifPresent(password -> properties.setProperty("password", password));
    properties.setProperty("preferQueryMode", mode);
    properties.setProperty("prepareThreshold", "1");
    return new Session(DriverManager.getConnection(source.getURL(), properties));
  }

  @Override
  public void close() throws SQLException {
    closing.close();
  }

  private static void remove(Path home) {
    try (Stream<Path> files = Files.walk(home)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One connection.
  record Session(Connection connection) implements AutoCloseable {
    /// Runs statements and reads every row that they return.
    void execute(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        boolean rows = statement.execute(sql);
        if (rows) {
          readAll(statement.getResultSet());
        }
      }
    }

    static void readAll(ResultSet rows) throws SQLException {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          rows.getString(i);
        }
      }
    }

    String text(String sql) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    }

    long number(String sql) throws SQLException {
      return Long.parseLong(text(sql));
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }
}
