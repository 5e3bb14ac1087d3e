package dev.freshet.app.connect;

import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/// A data source for one server whose failures to connect say what to do about them.
public final class Server extends PGSimpleDataSource {
  private static final long serialVersionUID = 1;

  /// What the driver would log is in the exceptions too. Held, or the setting would be lost.
  private static final Logger DRIVER_LOG = Logger.getLogger("org.postgresql");

  static {
    DRIVER_LOG.setLevel(Level.OFF);
  }

  private final transient ConnectionSettings settings;
  private final transient Queue<WeakReference<Connection>> opened = new ConcurrentLinkedQueue<>();

  private Server(ConnectionSettings settings) {
    this.settings = settings;
  }

  /// Takes complete settings: hosts, database and user are known.
  static Server of(ConnectionSettings settings) {
    Server server = new Server(settings);
    server.setServerNames(settings.hosts().stream().map(Host::name).toArray(String[]::new));
    server.setPortNumbers(settings.hosts().stream().mapToInt(Host::port).toArray());
    settings.database().ifPresent(server::setDatabaseName);
    settings.user().ifPresent(server::setUser);
    settings.password().ifPresent(server::setPassword);
    settings.parameters().forEach(server::set);
    return server;
  }

  /// Takes a URL of the driver as it is; the fallback says what the URL does not.
  static Server ofJdbc(String url, ConnectionSettings fallback) {
    PGSimpleDataSource parsed = new PGSimpleDataSource();
    parsed.setUrl(url);
    Server server = new Server(settings(parsed));
    fallback.parameters().forEach(server::set);
    fallback.user().ifPresent(server::setUser);
    fallback.password().ifPresent(server::setPassword);
    server.setUrl(url);
    return server;
  }

  /// What a URL of the driver names, for people.
  private static ConnectionSettings settings(PGSimpleDataSource parsed) {
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < parsed.getServerNames().length; i++) {
      int port = parsed.getPortNumbers()[i];
      hosts.add(new Host(parsed.getServerNames()[i], port == 0 ? Host.DEFAULT_PORT : port));
    }
    Optional<String> database = Optional.ofNullable(parsed.getDatabaseName());
    return new ConnectionSettings(hosts, database, Optional.empty(), Optional.empty(), Map.of());
  }

  /// The URL for people, without the password.
  public String display() {
    return settings.display();
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    try {
      Connection connection = super.getConnection(user, password);
      opened.removeIf(earlier -> earlier.get() == null);
      opened.add(new WeakReference<>(connection));
      return connection;
    } catch (SQLException e) {
      throw ConnectionProblems.failed(settings, e);
    }
  }

  /// Cancels on the server what the connections made here run now.
  public void cancelRunning() {
    for (WeakReference<Connection> reference : opened) {
      Connection connection = reference.get();
      if (connection != null) {
        cancel(connection);
      }
    }
  }

  private static void cancel(Connection connection) {
    try {
      if (!connection.isClosed()) {
        connection.unwrap(PGConnection.class).cancelQuery();
      }
    } catch (SQLException e) {
      return; // a connection that is gone has nothing to cancel
    }
  }

  private void set(String name, String value) {
    ParameterNames.driverName(name).ifPresent(driver -> put(driver, name, value));
  }

  private void put(String driver, String name, String value) {
    try {
      setProperty(driver, ParameterNames.driverValue(name, value));
    } catch (SQLException e) {
      throw ConnectionProblems.refused(
          "invalid value \"%s\" of connection parameter \"%s\"".formatted(value, name));
    }
  }
}
