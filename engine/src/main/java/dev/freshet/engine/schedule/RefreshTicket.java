package dev.freshet.engine.schedule;

import dev.freshet.Strategy;
import dev.freshet.compiler.Problem;
import java.time.Instant;
import java.util.Optional;

/// A refresh that was asked for and that a daemon does, or did, in the background.
///
/// @param id number of the request
/// @param view qualified and quoted name of the view
/// @param strategy instead of the one in the options
/// @param status how far it is
/// @param times when it got there
/// @param outcome what came of it
public record RefreshTicket(
    long id,
    String view,
    Optional<Strategy> strategy,
    Status status,
    Times times,
    Outcome outcome) {

  /// How far a request is.
  public enum Status {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED
  }

  /// When a request was made, taken up and answered.
  public record Times(
      Instant requestedAt, Optional<Instant> startedAt, Optional<Instant> finishedAt) {}

  /// What came of a request.
  ///
  /// @param refresh number in the history, if it succeeded
  /// @param problem why it failed
  public record Outcome(Optional<Long> refresh, Optional<Problem> problem) {}
}
