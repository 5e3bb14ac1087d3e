package dev.freshet;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A materialized view under Freshet's care, as it stands now.
///
/// @param id number in the catalog
/// @param name qualified and quoted name
/// @param kind managed by Freshet, or a native materialized view of PostgreSQL
/// @param strategy the one in its options
/// @param options every option that was set, by its name without `freshet.`
/// @param rows estimated number of rows
/// @param bytes size on disk with indexes
/// @param freshness how old its content is
/// @param lastDuration duration of the last refresh that succeeded
/// @param lastError message of the last refresh, if it failed
/// @param increment what keeps it fresh, if changes of its tables are captured for it
public record View(
    int id,
    String name,
    Kind kind,
    Strategy strategy,
    Map<String, String> options,
    long rows,
    long bytes,
    Freshness freshness,
    Optional<Duration> lastDuration,
    Optional<String> lastError,
    Optional<IncrementState> increment) {

  /// Who stores the rows.
  public enum Kind {
    MANAGED,
    NATIVE
  }

  /// What is kept so that changes can be applied one by one.
  ///
  /// @param stateBytes staging tables, and an estimate of the hidden columns in the storage
  /// @param logBytes change logs that the view reads; other views may share them
  /// @param logRows rows in these logs, as the server's statistics have it
  /// @param pending rows that have changed since the last refresh; empty if only a full one can
  ///   bring the view up to date, and for roles other than its owner
  /// @param needsFullRefresh why the next refresh must run the whole query; only its owner is told
  public record IncrementState(
      long stateBytes,
      long logBytes,
      long logRows,
      Optional<Long> pending,
      Optional<String> needsFullRefresh) {}

  public View {
    options = Map.copyOf(options);
  }

  /// Refreshed at these times, as in the options; empty means only when asked.
  public Optional<String> schedule() {
    return Optional.ofNullable(options.get("schedule"));
  }

  /// When the data was read that the view shows.
  public Optional<Instant> asOf() {
    return freshness.asOf();
  }
}
