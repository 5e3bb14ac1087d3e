package dev.freshet.engine.catalog;

import dev.freshet.Freshness;
import dev.freshet.RefreshReport;
import dev.freshet.RefreshWork;
import dev.freshet.Strategy;
import dev.freshet.View;
import dev.freshet.compiler.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads what the public views of schema `freshet` show.
public final class Catalog {
  private static final String VIEWS =
      """
      SELECT v.*, extract(epoch FROM v.age) * 1000 AS age_ms,
        extract(epoch FROM v.last_duration) * 1000 AS last_ms,
        (SELECT array_agg(o.key ORDER BY o.key) FROM jsonb_each_text(v.options) o) AS option_names,
        (SELECT array_agg(o.value ORDER BY o.key) FROM jsonb_each_text(v.options) o) AS option_values
      FROM freshet.views v
      """;

  private static final String REFRESHES =
      """
      SELECT r.*, extract(epoch FROM r.lock_wait) * 1000 AS lock_ms, extract(epoch FROM r.increment_estimate) * 1000 AS increment_ms,
        extract(epoch FROM r.query_estimate) * 1000 AS query_ms, extract(epoch FROM r.given_up_after) * 1000 AS given_up_ms
      FROM freshet.refreshes r
      """;

  private Catalog() {}

  public static List<View> views(Session session) {
    session.list(
        """
        SELECT CASE WHEN pg_is_in_recovery() THEN 0
          ELSE freshet.close_lost_refreshes() + freshet.clear_dropped_views() END
        """,
        row -> row.getLong(1));
    return session.list(VIEWS + "ORDER BY v.view", Catalog::view);
  }

  public static Optional<View> view(Session session, String name) {
    return session.first(
        VIEWS
            + "WHERE v.id = (SELECT m.id FROM freshet.materialized_views m"
            + " WHERE m.relation = to_regclass(?))",
        Catalog::view,
        name);
  }

  /// Number of the view, or the server's error if there is none of that name.
  public static int idOf(Session session, String name) {
    return session.one("SELECT freshet.find_view(?)", row -> row.getInt(1), name);
  }

  public static List<RefreshReport> history(Session session, int view, int limit) {
    return session.list(
        REFRESHES
            + "WHERE r.id IN (SELECT h.id FROM freshet.refresh_history h WHERE h.view_id = ?)"
            + " ORDER BY r.id DESC LIMIT ?",
        Catalog::refresh,
        view,
        limit);
  }

  /// Refreshes that this server process began after the one numbered `after`, in order of work.
  public static List<RefreshReport> refreshesOf(Session session, int pid, long after) {
    return session.list(
        REFRESHES + "WHERE r.pid = ? AND r.id > ? ORDER BY r.id", Catalog::refresh, pid, after);
  }

  private static View view(ResultSet row) throws SQLException {
    String name = row.getString("view");
    return new View(
        row.getInt("id"),
        name,
        View.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        Strategy.ofLabel(row.getString("strategy")),
        options(row),
        row.getLong("rows"),
        row.getLong("bytes"),
        new Freshness(
            name,
            row.getBoolean("populated"),
            instant(row, "as_of"),
            milliseconds(row, "age_ms"),
            Optional.ofNullable(row.getString("stale"))),
        milliseconds(row, "last_ms"),
        Optional.ofNullable(row.getString("last_error")),
        increment(row));
  }

  private static Optional<View.IncrementState> increment(ResultSet row) throws SQLException {
    @Nullable Long state = row.getObject("state_bytes", Long.class);
    return state == null
        ? Optional.empty()
        : Optional.of(
            new View.IncrementState(
                state,
                row.getLong("log_bytes"),
                row.getLong("log_rows"),
                Optional.ofNullable(row.getObject("pending", Long.class)),
                Optional.ofNullable(row.getString("needs_full_refresh"))));
  }

  private static Map<String, String> options(ResultSet row) throws SQLException {
    Map<String, String> options = new HashMap<>();
    if (row.getArray("option_names") != null) {
      String[] names = (String[]) row.getArray("option_names").getArray();
      String[] values = (String[]) row.getArray("option_values").getArray();
      for (int i = 0; i < names.length; i++) {
        options.put(names[i], values[i]);
      }
    }
    return options;
  }

  private static RefreshReport refresh(ResultSet row) throws SQLException {
    return new RefreshReport(
        row.getLong("id"),
        row.getString("view"),
        Strategy.ofLabel(row.getString("requested")),
        Optional.ofNullable(row.getString("strategy")).map(Strategy::ofLabel),
        row.getString("reason"),
        RefreshReport.Outcome.valueOf(row.getString("outcome").toUpperCase(Locale.ROOT)),
        row.getTimestamp("started_at").toInstant(),
        instant(row, "finished_at"),
        instant(row, "as_of"),
        work(row),
        problem(row));
  }

  private static RefreshWork work(ResultSet row) throws SQLException {
    return new RefreshWork(
        row.getLong("rows"),
        row.getLong("inserted"),
        row.getLong("updated"),
        row.getLong("deleted"),
        Optional.ofNullable(row.getObject("pending", Long.class)),
        Optional.ofNullable(row.getObject("netted", Long.class)),
        Optional.ofNullable(row.getObject("affected", Long.class)),
        new RefreshWork.Estimates(milliseconds(row, "increment_ms"), milliseconds(row, "query_ms")),
        milliseconds(row, "given_up_ms"),
        row.getLong("wal_bytes"),
        row.getInt("attempts"),
        Duration.ofMillis(row.getLong("lock_ms")));
  }

  private static Optional<Problem> problem(ResultSet row) throws SQLException {
    String error = row.getString("error");
    if (error == null) {
      return Optional.empty();
    }
    String state = row.getString("sql_state");
    return Optional.of(
        new Problem(
            state == null ? "XX000" : state,
            error,
            row.getString("detail"),
            row.getString("hint"),
            null));
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    @Nullable Timestamp time = row.getTimestamp(column);
    return Optional.ofNullable(time).map(Timestamp::toInstant);
  }

  private static Optional<Duration> milliseconds(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(value));
  }
}
