package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.engine.catalog.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Schema `cron` in the shape of extension pg_cron. It is made only on request, since it would
/// stand in the way of a later `CREATE EXTENSION pg_cron`.
public final class CronSchema {
  private static final String COMMENT =
      "Jobs in the shape of pg_cron, run by the daemon of Freshet";

  private final Session session;

  public CronSchema(Session session) {
    this.session = session;
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

  /// Whose the schema is now.
  public State state() {
    return session
        .first(
            """
            SELECT coalesce(obj_description(n.oid, 'pg_namespace') = ?, false) AS ours,
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
        List<String> jobs = statements();
        run("cron-remove.sql");
        yield jobs;
      }
    };
  }

  /// Removes the schema if Freshet made it, inside the caller's transaction.
  static void drop(Session session) {
    if (new CronSchema(session).state() == State.INSTALLED) {
      session.execute(read("cron-remove.sql"));
    }
  }

  /// The statements that make the jobs, for psql.
  private List<String> statements() {
    return session.list(
        """
        SELECT CASE WHEN jobname IS NULL THEN format('SELECT cron.schedule(%L, %L);', schedule, command)
               ELSE format('SELECT cron.schedule(%L, %L, %L);', jobname, schedule, command) END
        FROM cron.job ORDER BY jobid
        """,
        row -> row.getString(1));
  }

  /// The statements that schedule the views' refreshes with the extension, for views whose schedule
  /// is a cron expression.
  public List<String> statementsForExtension() {
    return session.list(
        """
        SELECT format('SELECT cron.schedule(%L, %L, %L);', 'freshet ' || name, schedule,
          format('CALL freshet.refresh(%L)', name))
        FROM (SELECT format('%I.%I', n.nspname, c.relname) AS name, m.options ->> 'schedule' AS schedule
              FROM freshet.materialized_views m
              JOIN pg_class c ON c.oid = m.relation JOIN pg_namespace n ON n.oid = c.relnamespace) v
        WHERE schedule !~* '^\\s*(every|after)\\s'
        ORDER BY name
        """,
        row -> row.getString(1));
  }

  private static FreshetException foreign() {
    return new FreshetException(
        Problem.of("42P06", "schema \"cron\" already exists")
            .withDetail("It is neither Freshet's nor that of extension pg_cron.")
            .withHint("Rename or drop it, then run freshet cron install."));
  }

  private void run(String script) {
    session.inTransaction(() -> {
      session.localSetting("lock_timeout", "5s");
      session.execute(read(script));
      return script;
    });
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
