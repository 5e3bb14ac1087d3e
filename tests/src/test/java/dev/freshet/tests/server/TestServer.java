package dev.freshet.tests.server;

import dev.freshet.Freshet;
import dev.freshet.app.postgres.EmbeddedPostgres;
import dev.freshet.app.postgres.ServerOptions;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/// A running PostgreSQL. [#shared] ones live as long as the test run.
public final class TestServer implements AutoCloseable {
  private static final Map<Integer, TestServer> SHARED = new ConcurrentHashMap<>();
  private static final String TEMPLATE = "freshet_template";

  private final EmbeddedPostgres postgres;
  private final AtomicInteger databases = new AtomicInteger();

  private TestServer(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /// The major versions of this run: system property `freshet.majors`, such as `14,15,16,17,18`.
  public static List<Integer> majors() {
    String majors =
        System.getProperty("freshet.majors", String.valueOf(ServerOptions.DEFAULT_MAJOR));
    return Arrays.stream(majors.split(",", -1)).map(String::strip).map(Integer::valueOf).toList();
  }

  /// The server of this major version that all tests share.
  public static TestServer shared(int major) {
    return SHARED.computeIfAbsent(major, TestServer::startWithTemplate);
  }

  /// A server that a test may kill: what it has committed survives that. A process that is killed
  /// can leave half a page behind.
  public static TestServer own(int major) {
    return start(
        options(major)
            .withSetting("synchronous_commit", "on")
            .withSetting("full_page_writes", "on"));
  }

  /// A server of its own whose databases can publish their changes.
  public static TestServer logical(int major) {
    return start(options(major).withSetting("wal_level", "logical"));
  }

  /// A copy of this server that follows it, and can only be read.
  public TestServer standby() throws SQLException, IOException {
    PGSimpleDataSource source = source("postgres");
    String primary =
        "host=127.0.0.1 port=%d user=%s password=%s"
            .formatted(postgres.port(), source.getUser(), source.getPassword());
    ServerOptions options = options(postgres.major()).withSetting("primary_conninfo", primary);
    BaseBackup.copy(source, options.home());
    return new TestServer(EmbeddedPostgres.start(options));
  }

  private static TestServer startWithTemplate(int major) {
    return start(options(major));
  }

  private static ServerOptions options(int major) {
    return ServerOptions.temporary()
        .withMajor(major)
        .withSetting("max_prepared_transactions", "10")
        .withSetting("max_connections", "60")
        .withSetting("timezone", "UTC")
        .withSetting("autovacuum_naptime", "1s");
  }

  private static TestServer start(ServerOptions options) {
    TestServer server = new TestServer(EmbeddedPostgres.start(options));
    try {
      server.createTemplate();
      return server;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void createTemplate() throws SQLException {
    execute("CREATE DATABASE " + TEMPLATE);
    Freshet.connect(source(TEMPLATE)).install();
  }

  /// A new database with the catalog in it; dropped when it is closed.
  public TestDatabase createDatabase() throws SQLException {
    return createDatabase(TEMPLATE);
  }

  /// A new database with nothing in it; dropped when it is closed.
  public TestDatabase createEmptyDatabase() throws SQLException {
    return createDatabase("template0");
  }

  private TestDatabase createDatabase(String template) throws SQLException {
    String name = "test_" + databases.incrementAndGet();
    execute("CREATE DATABASE " + name + " TEMPLATE " + template);
    return new TestDatabase(this, name);
  }

  /// A database that came with the server.
  public TestDatabase database(String name) {
    return new TestDatabase(this, name);
  }

  /// Ends the server as a power cut does.
  public void kill() {
    postgres.kill();
  }

  public void restart() {
    postgres.restart();
  }

  PGSimpleDataSource source(String database) {
    PGSimpleDataSource source = (PGSimpleDataSource) postgres.dataSource();
    source.setDatabaseName(database);
    return source;
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = source("postgres").getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Roles that tests made, quoted; those that are members of others first.
  List<String> roles() throws SQLException {
    try (Connection connection = source("postgres").getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT quote_ident(rolname) FROM pg_roles
                WHERE rolname !~ '^pg_' AND rolname <> current_user\
                """)) {
      List<String> roles = new ArrayList<>();
      while (rows.next()) {
        roles.add(rows.getString(1));
      }
      return roles;
    }
  }

  @Override
  public void close() {
    postgres.close();
  }
}
