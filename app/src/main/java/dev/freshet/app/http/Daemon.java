package dev.freshet.app.http;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.freshet.Freshet;
import dev.freshet.engine.schedule.Scheduler;
import dev.freshet.engine.schedule.SchedulerSettings;
import java.time.Clock;
import java.util.Optional;
import javax.sql.DataSource;

/// A scheduler and the API on one database, each with connections of its own.
public final class Daemon implements AutoCloseable {
  private static final int API_CONNECTIONS = 4;

  /// Connections of the scheduler besides those of the jobs.
  private static final int SPARE_CONNECTIONS = 4;

  /// A daemon often is a superuser, so nothing that users made may be found by a plain name.
  private static final String CATALOG_PATH = "SET search_path TO pg_catalog, pg_temp";

  private static final long CONNECTION_TIMEOUT_MILLIS = 5_000;

  private final HikariDataSource jobPool;
  private final HikariDataSource apiPool;
  private final Scheduler scheduler;
  private final ApiServer server;

  private Daemon(
      HikariDataSource jobPool, HikariDataSource apiPool, Scheduler scheduler, ApiServer server) {
    this.jobPool = jobPool;
    this.apiPool = apiPool;
    this.scheduler = scheduler;
    this.server = server;
  }

  /// Installs or migrates the catalog, then returns when both work.
  ///
  /// @throws dev.freshet.FreshetException if the database or the address cannot be used
  public static Daemon start(
      DataSource database,
      ListenAddress address,
      Optional<Token> token,
      SchedulerSettings settings) {
    HikariDataSource jobPool = pool(database, "jobs", 2 * settings.jobs() + SPARE_CONNECTIONS);
    HikariDataSource apiPool = pool(database, "api", API_CONNECTIONS);
    String name = "freshet-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    Scheduler scheduler = new Scheduler(jobPool, settings, Clock.systemUTC(), name);
    try {
      ApiServer server = ApiServer.start(address, token, apiPool, scheduler);
      Daemon daemon = new Daemon(jobPool, apiPool, scheduler, server);
      daemon.begin(database);
      return daemon;
    } catch (RuntimeException e) {
      scheduler.close();
      apiPool.close();
      jobPool.close();
      throw e;
    }
  }

  private void begin(DataSource database) {
    try {
      Freshet.connect(database).install();
      scheduler.start();
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static HikariDataSource pool(DataSource database, String name, int size) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database);
    config.setPoolName(name);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    config.setConnectionInitSql(CATALOG_PATH);
    config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  /// Where the API is, such as `http://127.0.0.1:8080`.
  public String url() {
    return server.url();
  }

  /// Takes no more requests, then ends the scheduler as [Scheduler#close] says.
  @Override
  public void close() {
    server.close();
    scheduler.close();
    apiPool.close();
    jobPool.close();
  }
}
