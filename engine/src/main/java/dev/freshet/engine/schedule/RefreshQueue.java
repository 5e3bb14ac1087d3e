package dev.freshet.engine.schedule;

import dev.freshet.FreshetException;
import dev.freshet.RefreshReport;
import dev.freshet.Strategy;
import dev.freshet.compiler.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Refreshes to be done by a daemon in the background. They are kept in the database: any daemon on
/// it does them and can tell how far they are, and none is lost when a daemon ends.
public final class RefreshQueue {
  private static final String SELECT =
      """
      SELECT r.id, pg_catalog.format('%I.%I', n.nspname, c.relname) AS view, r.strategy, r.status,
        r.requested_at, r.started_at, r.finished_at, r.refresh_id, r.sql_state, r.error, r.detail, r.hint
      FROM freshet.refresh_requests r
      JOIN freshet.materialized_views m ON m.id = r.view_id
      JOIN pg_catalog.pg_class c ON c.oid = m.relation
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      """;

  private final Database database;
  private final Runnable onQueued;

  RefreshQueue(Database database, Runnable onQueued) {
    this.database = database;
    this.onQueued = onQueued;
  }

  /// What became of a wish for a refresh.
  public sealed interface Answer {
    /// Number of the request that will be done.
    long id();

    /// It will be done.
    record Queued(long id) implements Answer {}

    /// An earlier request for the same view has not begun yet, so it will do.
    record AlreadyQueued(long id) implements Answer {}
  }

  /// Asks for a refresh, unless one of the same view waits already.
  ///
  /// @param view number of the view
  /// @throws FreshetException 42P01 if there is no such view any more
  public Answer submit(int view, Optional<Strategy> strategy) {
    Optional<Long> queued =
        database.first(
            """
            INSERT INTO freshet.refresh_requests (view_id, strategy)
            SELECT m.id, ? FROM freshet.materialized_views m WHERE m.id = ?
            ON CONFLICT (view_id) WHERE status = 'queued' DO NOTHING
            RETURNING id
            """,
            row -> row.getLong("id"),
            strategy.map(Strategy::label).orElse(null),
            view);
    queued.ifPresent(id -> onQueued.run());
    return queued
        .<Answer>map(Answer.Queued::new)
        .or(() -> queuedFor(view).map(Answer.AlreadyQueued::new))
        .orElseThrow(() -> gone(view));
  }

  private Optional<Long> queuedFor(int view) {
    return database.first(
        "SELECT id FROM freshet.refresh_requests WHERE view_id = ? AND status = 'queued'",
        row -> row.getLong("id"),
        view);
  }

  private static FreshetException gone(int view) {
    return new FreshetException(
        Problem.of("42P01", "materialized view " + view + " does not exist any more"));
  }

  /// Empty if there was no such request, or it ended more than a week ago.
  public Optional<RefreshTicket> find(long id) {
    return database.first(SELECT + " WHERE r.id = ?", RefreshQueue::read, id);
  }

  /// Requests that are not answered yet.
  List<Long> open() {
    return database.list(
        "SELECT id FROM freshet.refresh_requests WHERE status IN ('queued', 'running')",
        row -> row.getLong("id"));
  }

  void deleteOld() {
    database.update(
        "DELETE FROM freshet.refresh_requests WHERE finished_at < clock_timestamp() - interval '7"
            + " days'");
  }

  void noteStart(long id) {
    database.update(
        """
        UPDATE freshet.refresh_requests SET status = 'running', started_at = coalesce(started_at, clock_timestamp())
        WHERE id = ?
        """,
        id);
  }

  void noteSuccess(long id, RefreshReport report) {
    noteEnd(id, "succeeded", report.id(), null);
  }

  void noteFailure(long id, Problem problem) {
    noteEnd(id, "failed", null, problem);
  }

  private void noteEnd(long id, String status, @Nullable Long refresh, @Nullable Problem problem) {
    database.update(
        """
        UPDATE freshet.refresh_requests
        SET status = ?, finished_at = clock_timestamp(), refresh_id = ?, sql_state = ?, error = ?, detail = ?, hint = ?
        WHERE id = ?
        """,
        status,
        refresh,
        problem == null ? null : problem.sqlState(),
        problem == null ? null : problem.message(),
        problem == null ? null : problem.detail(),
        problem == null ? null : problem.hint(),
        id);
  }

  private static RefreshTicket read(ResultSet row) throws SQLException {
    return new RefreshTicket(
        row.getLong("id"),
        row.getString("view"),
        Optional.ofNullable(row.getString("strategy")).map(Strategy::ofLabel),
        RefreshTicket.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
        times(row),
        outcome(row));
  }

  private static RefreshTicket.Times times(ResultSet row) throws SQLException {
    return new RefreshTicket.Times(
        Objects.requireNonNull(Database.instant(row, "requested_at")),
        Optional.ofNullable(Database.instant(row, "started_at")),
        Optional.ofNullable(Database.instant(row, "finished_at")));
  }

  private static RefreshTicket.Outcome outcome(ResultSet row) throws SQLException {
    String message = row.getString("error");
    Optional<Problem> problem =
        message == null
            ? Optional.empty()
            : Optional.of(
                Problem.of(row.getString("sql_state"), message)
                    .withDetail(row.getString("detail"))
                    .withHint(row.getString("hint")));
    return new RefreshTicket.Outcome(
        Optional.ofNullable(row.getObject("refresh_id", Long.class)), problem);
  }
}
