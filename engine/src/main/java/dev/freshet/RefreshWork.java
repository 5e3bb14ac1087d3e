package dev.freshet;

import java.time.Duration;
import java.util.Optional;

/// What a refresh wrote and waited for.
///
/// @param rows rows in the view afterwards
/// @param inserted rows written anew
/// @param updated rows changed in place
/// @param deleted rows removed
/// @param pending rows of its tables that were captured since the refresh before; empty where that
///   was not counted
/// @param netted what was left of them after changes that undo one another; empty where that was
///   not counted
/// @param affected keys, groups and rows that they touch, in all steps as far as these went; empty
///   where no step was taken
/// @param estimates what the alternatives were expected to take
/// @param givenUpAfter how long changes were applied before another strategy took over; empty if
///   none did
/// @param walBytes write-ahead log that the server wrote meanwhile, in bytes: an upper bound
/// @param attempts tries to publish; 0 where nothing was published
/// @param lockWait time the successful and failed tries waited for locks
public record RefreshWork(
    long rows,
    long inserted,
    long updated,
    long deleted,
    Optional<Long> pending,
    Optional<Long> netted,
    Optional<Long> affected,
    Estimates estimates,
    Optional<Duration> givenUpAfter,
    long walBytes,
    int attempts,
    Duration lockWait) {

  /// How long a refresh was expected to take, by what earlier ones took.
  ///
  /// @param increment by applying changes; empty where too little is measured
  /// @param query by running the whole query; empty where that was no question
  public record Estimates(Optional<Duration> increment, Optional<Duration> query) {}
}
