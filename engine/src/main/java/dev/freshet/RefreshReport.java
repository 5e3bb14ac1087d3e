package dev.freshet;

import dev.freshet.compiler.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One refresh of one view, as the history keeps it.
///
/// @param id number of this refresh in the history
/// @param view qualified and quoted name of the view
/// @param requested the strategy that was asked for
/// @param applied the strategy that did the work; empty while it is not chosen
/// @param reason why this strategy, and whatever fell back
/// @param outcome how it ended
/// @param startedAt when it was asked for
/// @param finishedAt when it ended; empty while it runs
/// @param asOf the moment whose data the view shows since; empty unless it succeeded
/// @param work what it wrote
/// @param problem the error of a refresh that failed
public record RefreshReport(
    long id,
    String view,
    Strategy requested,
    Optional<Strategy> applied,
    String reason,
    Outcome outcome,
    Instant startedAt,
    Optional<Instant> finishedAt,
    Optional<Instant> asOf,
    RefreshWork work,
    Optional<Problem> problem) {

  /// How a refresh ended.
  public enum Outcome {
    RUNNING,
    SUCCEEDED,
    FAILED,
    /// Not tried, because a source of the view failed.
    SKIPPED,
    /// The session that ran it is gone, and it left no result.
    LOST
  }

  /// From request to end; empty while it runs.
  public Optional<Duration> duration() {
    return finishedAt.map(end -> Duration.between(startedAt, end));
  }
}
