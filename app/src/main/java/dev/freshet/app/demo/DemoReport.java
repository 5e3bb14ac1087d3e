package dev.freshet.app.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the demo measured.
///
/// @param orders rows of table orders
/// @param items rows of table order_items
/// @param rawReport time of the report's query on the tables
/// @param created time of applying the view file
/// @param viewRead time of reading the same rows from the view
/// @param refreshes one for each way to refresh
public record DemoReport(
    long orders,
    long items,
    Duration rawReport,
    Duration created,
    Duration viewRead,
    List<Trial> refreshes) {

  public DemoReport {
    refreshes = List.copyOf(refreshes);
  }

  /// One refresh, beside a reader that polls the view.
  ///
  /// @param way what was done, in words
  /// @param changed rows written; empty where PostgreSQL does not say
  /// @param time from the call to its end
  /// @param longestPause the longest read of the poller meanwhile
  /// @param asOf the moment whose data the view shows since
  /// @param reason why this strategy
  public record Trial(
      String way,
      Optional<Long> changed,
      Duration time,
      Duration longestPause,
      Optional<Instant> asOf,
      String reason) {}
}
