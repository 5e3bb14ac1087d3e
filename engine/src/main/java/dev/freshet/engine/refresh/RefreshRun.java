package dev.freshet.engine.refresh;

import dev.freshet.Cancellation;
import dev.freshet.FreshetException;
import dev.freshet.Progress;
import dev.freshet.RefreshReport;
import dev.freshet.RefreshRequest;
import dev.freshet.Strategy;
import dev.freshet.engine.catalog.Catalog;
import dev.freshet.engine.catalog.ServerErrors;
import dev.freshet.engine.catalog.Session;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One request to refresh: calls the procedures in the database and reads their history.
public final class RefreshRun {
  private final Session session;
  private final RefreshRequest request;
  private final Progress.Listener listener;
  private final Cancellation cancellation;

  public RefreshRun(
      Session session,
      RefreshRequest request,
      Progress.Listener listener,
      Cancellation cancellation) {
    this.session = session;
    this.request = request;
    this.listener = listener;
    this.cancellation = cancellation;
  }

  /// Refreshes everything that was asked for; a view that fails does not keep the others from it.
  public List<RefreshReport> run() {
    int pid = session.one("SELECT pg_backend_pid()", row -> row.getInt(1));
    long before =
        session.one(
            "SELECT coalesce(max(h.id), 0) FROM freshet.refresh_history h", row -> row.getLong(1));
    List<FreshetException> failures = new ArrayList<>();
    if (request.views().isEmpty()) {
      attempt("CALL freshet.refresh_all(?, ?, ?)", Optional.empty(), failures);
    }
    for (String view : request.views()) {
      attempt("CALL freshet.refresh(?, ?, ?, ?, ?)", Optional.of(view), failures);
    }
    List<RefreshReport> reports = Catalog.refreshesOf(session, pid, before);
    if (!failures.isEmpty() && (request.views().size() == 1 || !allNoted(failures, reports))) {
      throw failures.getFirst();
    }
    return reports;
  }

  /// False if a request failed before it reached the history, as for an unknown name.
  private static boolean allNoted(List<FreshetException> failures, List<RefreshReport> reports) {
    long noted = reports.stream().filter(report -> report.problem().isPresent()).count();
    return noted >= failures.size();
  }

  private void attempt(String call, Optional<String> view, List<FreshetException> failures) {
    cancellation.throwIfCancelled();
    limit(view);
    try (CallableStatement statement = session.connection().prepareCall(call)) {
      bind(statement, view);
      try (Notices _ = Notices.follow(session, statement, listener);
          Cancellation.Registration _ = cancellation.onCancel(() -> cancel(statement))) {
        statement.execute();
      }
    } catch (SQLException e) {
      FreshetException failure = ServerErrors.translate(e);
      if (isLost(failure)) {
        throw failure;
      }
      failures.add(failure);
      release();
    }
    release("RESET statement_timeout");
  }

  /// A cancel may arrive between two transactions of the procedure, before it gives back its locks.
  private void release() {
    release("RESET statement_timeout; SELECT freshet.unlock_views()");
    release("SELECT freshet.close_lost_refreshes()");
  }

  /// If the connection is gone, its locks and settings went with it: nothing is left to give back.
  private void release(String sql) {
    try {
      session.execute(sql);
    } catch (FreshetException e) {
      if (!isLost(e)) {
        throw e;
      }
    }
  }

  /// The connection is gone, or about to go.
  private static boolean isLost(FreshetException failure) {
    return failure.sqlState().startsWith("08") || failure.sqlState().startsWith("57P");
  }

  private void bind(PreparedStatement statement, Optional<String> view) throws SQLException {
    int at = 0;
    if (view.isPresent()) {
      statement.setString(++at, view.get());
    }
    statement.setString(++at, request.strategy().map(Strategy::label).orElse(null));
    if (view.isPresent()) {
      statement.setBoolean(++at, !request.only());
    }
    statement.setBoolean(++at, request.waits());
    statement.setString(++at, request.origin());
  }

  /// The server's own limit on the whole call: what the caller asks, or the view's option.
  private void limit(Optional<String> view) {
    Duration limit =
        request.timeout().or(() -> view.flatMap(this::declaredTimeout)).orElse(Duration.ZERO);
    session.execute("SET statement_timeout TO " + limit.toMillis());
  }

  private Optional<Duration> declaredTimeout(String view) {
    return session
        .first(
            """
            SELECT freshet.milliseconds(m.options ->> 'timeout')
            FROM freshet.materialized_views m
            WHERE m.relation = to_regclass(?) AND m.options ->> 'timeout' <> 'none'
            """,
            row -> row.getLong(1),
            view)
        .map(Duration::ofMillis);
  }

  private static void cancel(PreparedStatement statement) {
    try {
      statement.cancel();
    } catch (SQLException e) {
      throw ServerErrors.translate(e);
    }
  }
}
