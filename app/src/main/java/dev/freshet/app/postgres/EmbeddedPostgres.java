package dev.freshet.app.postgres;

import dev.freshet.app.postgres.ServerOptions.Lifetime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// A PostgreSQL server that this program runs. Start reading here.
///
/// It listens on the loopback address only and asks for a password, which is generated and kept in
/// the home directory. One program looks after a home directory at a time. A server that an earlier
/// program left behind is stopped first, unless it was left on purpose: that one is used as it is,
/// and outlives [#close()].
public final class EmbeddedPostgres implements AutoCloseable {
  private final ServerOptions options;
  private final Installation installation;
  private final HomeLock lock;
  private final Thread closeAtExit = new Thread(this::close, "stop-postgres");
  private Postmaster postmaster;
  private boolean closed;

  private EmbeddedPostgres(
      ServerOptions options, Installation installation, HomeLock lock, Postmaster postmaster) {
    this.options = options;
    this.installation = installation;
    this.lock = lock;
    this.postmaster = postmaster;
  }

  /// Returns when the server takes connections. Throws [dev.freshet.FreshetException] if another
  /// program looks after the home directory (55006), if its data belong to another major version
  /// (55000), or if the server does not start (58000).
  public static EmbeddedPostgres start(ServerOptions options) {
    ServerHome home = ServerHome.create(options.home());
    HomeLock lock = HomeLock.acquire(home);
    try {
      EmbeddedPostgres server = start(options, Installation.at(home, options.major()), lock);
      if (server.options.lifetime() != Lifetime.KEPT) {
        Runtime.getRuntime().addShutdownHook(server.closeAtExit);
      }
      return server;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static EmbeddedPostgres start(
      ServerOptions options, Installation installation, HomeLock lock) {
    Optional<Postmaster> left = Postmaster.running(installation);
    if (left.isPresent() && installation.home().isKept() && suits(options, left.get())) {
      ServerOptions kept = options.withLifetime(Lifetime.KEPT);
      return new EmbeddedPostgres(kept, installation, lock, left.get());
    }
    left.ifPresent(Postmaster::stop);
    installation.createData();
    Postmaster started = Launch.launch(installation, options);
    installation.home().markKept(options.lifetime() == Lifetime.KEPT);
    return new EmbeddedPostgres(options, installation, lock, started);
  }

  private static boolean suits(ServerOptions options, Postmaster left) {
    return options.port() == 0 || options.port() == left.port();
  }

  /// Stops a server that was left running. False if there was none.
  public static boolean stop(Path directory) {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    ServerHome home = ServerHome.create(directory.toAbsolutePath().normalize());
    HomeLock lock = HomeLock.acquire(home);
    try (lock) {
      Optional<Postmaster> left =
          home.major().flatMap(major -> Postmaster.running(Installation.at(home, major)));
      left.ifPresent(Postmaster::stop);
      home.markKept(false);
      return left.isPresent();
    }
  }

  /// The URL of the server that runs on this directory now, whoever looks after it.
  public static Optional<String> runningUrl(Path directory) {
    ServerHome home = new ServerHome(directory.toAbsolutePath().normalize());
    return PidFile.read(home)
        .filter(file -> file.server(home).isPresent())
        .map(file -> url(home, file.port()));
  }

  /// A libpq URL of the superuser, password included: psql takes it as it is.
  public String url() {
    return url(installation.home(), port());
  }

  /// Connections of the superuser; each one is new.
  public DataSource dataSource() {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setServerNames(new String[] {"127.0.0.1"});
    dataSource.setPortNumbers(new int[] {port()});
    dataSource.setDatabaseName("postgres");
    dataSource.setUser(Installation.SUPERUSER);
    dataSource.setPassword(installation.home().readPassword());
    return dataSource;
  }

  public int major() {
    return options.major();
  }

  public synchronized int port() {
    return postmaster.port();
  }

  /// What the server says.
  public Path log() {
    return installation.home().log();
  }

  public synchronized boolean isRunning() {
    return postmaster.isAlive();
  }

  /// Ends the server as a power cut does. [#restart()] lets it recover.
  public synchronized void kill() {
    postmaster.kill();
  }

  /// Starts again, on the same port where that is still free; stops first if it runs.
  public synchronized void restart() {
    if (postmaster.isAlive()) {
      postmaster.stop();
    }
    postmaster = Launch.launch(installation, options);
  }

  /// Ends the server and its data as [ServerOptions#lifetime()] says.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (lock) {
      end();
    }
    forgetExit();
  }

  private void end() {
    if (options.lifetime() != Lifetime.KEPT && postmaster.isAlive()) {
      postmaster.stop();
    }
    if (options.lifetime() == Lifetime.TEMPORARY) {
      try {
        Trees.delete(options.home());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Leaves the moment of [#close()] to the caller also when the program is told to end, so that
  /// what works on the server can end before it.
  public void forgetExit() {
    try {
      Runtime.getRuntime().removeShutdownHook(closeAtExit);
    } catch (IllegalStateException e) {
      return; // the program is ending already
    }
  }

  private static String url(ServerHome home, int port) {
    return "postgresql://%s:%s@127.0.0.1:%d/postgres"
        .formatted(Installation.SUPERUSER, home.readPassword(), port);
  }
}
