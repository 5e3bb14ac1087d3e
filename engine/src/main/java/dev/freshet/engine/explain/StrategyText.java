package dev.freshet.engine.explain;

import dev.freshet.View;
import java.util.List;

/// What each strategy does and which locks it takes, in PostgreSQL's names for them.
final class StrategyText {
  private StrategyText() {}

  static List<String> lines(View.Kind kind) {
    return switch (kind) {
      case MANAGED ->
          List.of(
              "every refresh: the refresh lock of the view, an advisory one (one refresh at a time; readers go on); ROW EXCLUSIVE on the storage, ACCESS SHARE on what the query reads",
              "full: builds new storage, then publishes it: ACCESS EXCLUSIVE on the view and the old storage, waited for at most lock_timeout (40 ms) in each of lock_attempts (20); fails if readers never let it",
              "swap: as full; if readers never let it, the difference is written instead, as concurrent does",
              "concurrent: writes only rows that differ: ROW EXCLUSIVE on the storage; never waits for readers, readers never wait",
              "top-off: renews a declared window, or calls a declared procedure, then checks; mends by concurrent: ROW EXCLUSIVE on the storage",
              "incremental: applies what was captured since the last refresh; where that is not possible, as concurrent, and the history says why: ROW EXCLUSIVE on the storage",
              "auto: incremental where the view can be, unless the whole query is expected to be cheaper; top-off where one is declared, else the cheaper of concurrent and swap by the latest five of each");
      case NATIVE ->
          List.of(
              "every refresh: the refresh lock of the view, an advisory one (one refresh at a time)",
              "full: REFRESH MATERIALIZED VIEW: ACCESS EXCLUSIVE on the view until it ends; readers wait",
              "concurrent: REFRESH MATERIALIZED VIEW CONCURRENTLY: EXCLUSIVE on the view; readers go on; needs a unique index",
              "auto: concurrent where a unique index allows it, else full");
    };
  }
}
