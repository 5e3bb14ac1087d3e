package dev.freshet.engine.schedule;

import dev.freshet.compiler.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The views with a schedule, in the catalog, and how their runs went.
final class ScheduledViews {
  private static final String SELECT =
      """
      SELECT m.id, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name,
        m.options ->> 'schedule' AS schedule, coalesce(m.options ->> 'time_zone', 'UTC') AS time_zone,
        CASE WHEN m.options ->> 'retries' ~ '^[0-9]{1,6}$' THEN (m.options ->> 'retries')::integer ELSE 3 END AS retries, coalesce(s.attempts, 0) AS attempts,
        s.refusal IS NOT NULL AS refused,
        (SELECT max(source.as_of)
         FROM freshet.relations_read(m.definition) r
         JOIN freshet.materialized_views source ON source.id = r.view_id
         WHERE source.as_of > coalesce(m.as_of, '-infinity')
           AND source.as_of > coalesce(s.upstream_as_of, '-infinity')) AS upstream
      FROM freshet.materialized_views m
      JOIN pg_catalog.pg_class c ON c.oid = m.relation
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN freshet.schedule_states s ON s.view_id = m.id
      WHERE m.options ->> 'schedule' IS NOT NULL
      """;

  private final Database database;

  ScheduledViews(Database database) {
    this.database = database;
  }

  List<ScheduledView> all() {
    return database.list(SELECT, ScheduledViews::read);
  }

  /// Empty if the view is gone or has no schedule any more.
  Optional<ScheduledView> find(int id) {
    return database.first(SELECT + " AND m.id = ?", ScheduledViews::read, id);
  }

  private static ScheduledView read(ResultSet row) throws SQLException {
    return new ScheduledView(
        row.getInt("id"),
        row.getString("name"),
        row.getString("schedule"),
        row.getString("time_zone"),
        row.getInt("retries"),
        row.getInt("attempts"),
        Optional.ofNullable(Database.instant(row, "upstream")),
        row.getBoolean("refused"));
  }

  void noteSuccess(ScheduledView view) {
    note(view, 0, null);
  }

  /// @param attempts attempts that failed by now
  void noteFailure(ScheduledView view, int attempts, Problem problem) {
    note(view, attempts, problem);
  }

  private void note(ScheduledView view, int attempts, @Nullable Problem problem) {
    boolean ended = attempts == 0 || attempts > view.retries();
    Instant upstream = ended ? view.upstream().orElse(null) : null;
    database.update(
        """
        INSERT INTO freshet.schedule_states AS s (view_id, attempts, sql_state, error, failed_at, upstream_as_of)
        SELECT m.id, ?, ?, ?, CASE WHEN ? THEN clock_timestamp() END, ?
        FROM freshet.materialized_views m WHERE m.id = ?
        ON CONFLICT (view_id) DO UPDATE SET attempts = excluded.attempts, sql_state = excluded.sql_state,
          error = excluded.error, failed_at = excluded.failed_at, refusal = NULL,
          upstream_as_of = coalesce(excluded.upstream_as_of, s.upstream_as_of)
        """,
        attempts,
        problem == null ? null : problem.sqlState(),
        problem == null ? null : problem.message(),
        problem != null,
        upstream,
        view.id());
  }

  /// Says why a schedule cannot be followed; null if it can.
  void noteRefusal(ScheduledView view, @Nullable String reason) {
    database.update(
        """
        INSERT INTO freshet.schedule_states AS s (view_id, refusal)
        SELECT m.id, ? FROM freshet.materialized_views m WHERE m.id = ?
        ON CONFLICT (view_id) DO UPDATE SET refusal = excluded.refusal
        WHERE s.refusal IS DISTINCT FROM excluded.refusal
        """,
        reason,
        view.id());
  }

  /// Marks in the history the views that would have been refreshed after this one.
  void skipDependents(ScheduledView failed, Problem problem) {
    database.update(
        """
        WITH RECURSIVE dependents (id) AS (
          SELECT ?
          UNION
          SELECT m.id FROM dependents d
          JOIN freshet.materialized_views m ON lower(m.options ->> 'schedule') ~ '^\\s*after\\s+upstream\\s*$'
            AND EXISTS (SELECT FROM freshet.relations_read(m.definition) r WHERE r.view_id = d.id)
        )
        INSERT INTO freshet.refresh_history (view_id, requested, reason, outcome, origin, finished_at, error, detail)
        SELECT m.id, coalesce(m.options ->> 'refresh', 'auto'), 'after upstream', 'skipped', 'schedule',
          clock_timestamp(), 'a source of the view could not be refreshed', ?
        FROM dependents d JOIN freshet.materialized_views m USING (id)
        WHERE m.id <> ?
        """,
        failed.id(),
        "The source is " + failed.name() + ": " + problem.message() + ".",
        failed.id());
  }
}
