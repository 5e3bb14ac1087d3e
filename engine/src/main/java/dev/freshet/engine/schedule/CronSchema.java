package dev.freshet.engine.schedule;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/// Schema `cron` in the shape of extension pg_cron. It is made only on request, since it would
/// stand in the way of a later `CREATE EXTENSION pg_cron`.
public final class CronSchema {
  private static final String COMMENT =
      "Jobs in the shape of pg_cron, run by the daemon of Freshet";

  private final Database database;

  public CronSchema(DataSource dataSource) {
    this(new Database(dataSource));
  }

  CronSchema(Database database) {
    this.database = database;
  }

  /// Whose schema `cron` is.
  public enum State {
    /// There is none.
    ABSENT,
    /// Freshet made it.
    INSTALLED,
    /// The extension is here, and is used instead.
    EXTENSION,
    /// Somebody else made it.
    FOREIGN
  }

  public State state() {
    return database
        .first(
            """
            SELECT obj_description(n.oid, 'pg_namespace') = ? AS ours,
              EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') AS extension
            FROM pg_namespace n WHERE n.nspname = 'cron'
            """,
            row ->
                row.getBoolean("extension")
                    ? State.EXTENSION
                    : row.getBoolean("ours") ? State.INSTALLED : State.FOREIGN,
            COMMENT)
        .orElse(State.ABSENT);
  }

  /// Makes the schema; changes nothing where it or the extension is there already.
  ///
  /// @throws FreshetException 42P06 if somebody else made a schema of this name
  public State install() {
    State found = state();
    return switch (found) {
      case INSTALLED, EXTENSION -> found;
      case ABSENT -> {
        run("cron-install.sql");
        yield State.INSTALLED;
      }
      case FOREIGN -> throw foreign();
    };
  }

  /// Removes the schema with its jobs, and nothing that anybody else made. Returns the statements
  /// that would make the jobs again.
  ///
  /// @throws FreshetException 2BP01 if other objects depend on it, 42P06 if it is not Freshet's
  public List<String> remove() {
    return switch (state()) {
      case ABSENT, EXTENSION -> List.of();
      case FOREIGN -> throw foreign();
      case INSTALLED -> {
        List<String> jobs = new CronJobs(database).statements();
        run("cron-remove.sql");
        yield jobs;
      }
    };
  }

  /// The statements that schedule the views' refreshes with the extension, for views whose schedule
  /// is a cron expression.
  public List<String> statementsForExtension() {
    return database.list(
        """
        SELECT format('SELECT cron.schedule(%L, %L, %L);', 'freshet ' || name, schedule,
          format('CALL freshet.refresh(%L)', name)) AS statement
        FROM (SELECT format('%I.%I', n.nspname, c.relname) AS name, m.options ->> 'schedule' AS schedule
              FROM freshet.materialized_views m
              JOIN pg_class c ON c.oid = m.relation JOIN pg_namespace n ON n.oid = c.relnamespace) v
        WHERE schedule !~* '^\\s*(every|after)\\s'
        ORDER BY name
        """,
        row -> row.getString("statement"));
  }

  private static FreshetException foreign() {
    return new FreshetException(
        Problem.of("42P06", "schema \"cron\" already exists")
            .withDetail("It is neither Freshet's nor that of extension pg_cron.")
            .withHint("Rename or drop it, then run freshet cron install."));
  }

  /// One transaction for the whole script.
  private void run(String script) {
    String sql = read(script);
    database.with(connection -> {
      inTransaction(connection, sql);
      return sql;
    });
  }

  private static void inTransaction(Connection connection, String sql) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '5s'");
      statement.execute(sql);
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static String read(String script) {
    try (InputStream in =
        Objects.requireNonNull(CronSchema.class.getResourceAsStream(script), script)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
