package dev.freshet.app.demo;

import dev.freshet.FreshetException;
import dev.freshet.app.connect.PasswordFile;
import dev.freshet.app.postgres.EmbeddedPostgres;
import dev.freshet.app.postgres.ServerOptions;
import dev.freshet.app.postgres.ServerOptions.Lifetime;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The PostgreSQL of the demo: one of its own, or the one that another program of ours runs.
final class DemoServer implements AutoCloseable {
  private static final String IN_USE = "55006";

  private final DataSource dataSource;
  private final String url;
  private final @Nullable EmbeddedPostgres own;

  private DemoServer(DataSource dataSource, String url, @Nullable EmbeddedPostgres own) {
    this.dataSource = dataSource;
    this.url = url;
    this.own = own;
  }

  /// Starts the server, or joins the one that `freshet serve` looks after.
  ///
  /// @param options where and for how long
  /// @param connect a data source for a URL
  static DemoServer start(ServerOptions options, ServerConnector connect) {
    try {
      EmbeddedPostgres own = EmbeddedPostgres.start(options);
      return new DemoServer(own.dataSource(), withoutPassword(own.url(), options), own);
    } catch (FreshetException e) {
      Optional<String> running = EmbeddedPostgres.runningUrl(options.home());
      if (!e.sqlState().equals(IN_USE) || running.isEmpty()) {
        throw e;
      }
      String url = running.get();
      return new DemoServer(connect.connect(url), withoutPassword(url, options), null);
    }
  }

  private static String withoutPassword(String url, ServerOptions options) {
    return PasswordFile.takePassword(url, options.home().resolve("pgpass"));
  }

  static ServerOptions options(DemoOptions demo) {
    return ServerOptions.standard()
        .withPort(demo.port())
        .withLifetime(demo.keep() ? Lifetime.KEPT : Lifetime.PROGRAM)
        .withSetting("shared_buffers", "256MB")
        .withSetting("work_mem", "64MB")
        .withSetting("maintenance_work_mem", "256MB")
        .withSetting("max_wal_size", "4GB");
  }

  DataSource dataSource() {
    return dataSource;
  }

  /// For psql; the password is in a file that it names.
  String url() {
    return url;
  }

  /// Stops what this program started, unless it is to be kept.
  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}
