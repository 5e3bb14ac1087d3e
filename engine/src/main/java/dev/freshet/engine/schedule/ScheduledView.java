package dev.freshet.engine.schedule;

import java.time.Instant;
import java.util.Optional;

/// A view with a schedule, as the catalog has it now.
///
/// @param id number of the view
/// @param name qualified and quoted, whatever the search path
/// @param text the schedule as the user wrote it
/// @param zone time zone of the schedule
/// @param retries further attempts after one that failed
/// @param attempts attempts that failed since the last success
/// @param upstream newest content of its sources that no run has dealt with
/// @param refused the schedule was found impossible to follow
record ScheduledView(
    int id,
    String name,
    String text,
    String zone,
    int retries,
    int attempts,
    Optional<Instant> upstream,
    boolean refused) {

  /// @throws dev.freshet.FreshetException 22023 if the text is no schedule
  Timing timing() {
    return Timing.parse(text, zone);
  }

  /// What a task keeps, to notice that the schedule changed since.
  String signature() {
    return text + " (" + zone + ")";
  }

  /// True if the next attempt is the first for its due time.
  boolean isFresh() {
    return attempts == 0 || attempts > retries;
  }
}
