package dev.freshet.engine.schedule;

import java.time.Duration;

/// How a daemon works.
///
/// @param jobs refreshes and jobs that run at once
/// @param polling how often it looks for due work
/// @param reconciling how often it looks for changed schedules
/// @param heartbeat how often it says that it lives; four missed ones let others take its work over
/// @param stopping how long running refreshes may go on when it stops, before they are cancelled
/// @param backoff waits between attempts
public record SchedulerSettings(
    int jobs,
    Duration polling,
    Duration reconciling,
    Duration heartbeat,
    Duration stopping,
    Backoff backoff) {
  public static final SchedulerSettings DEFAULT =
      new SchedulerSettings(
          4,
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Backoff.DEFAULT);

  /// The fewest that the scheduling library allows.
  static final int MISSED_HEARTBEATS = 4;

  public SchedulerSettings {
    if (jobs < 1) {
      throw new IllegalArgumentException("a daemon runs one job at least");
    }
  }

  /// The same, with another patience at the end.
  public SchedulerSettings withStopping(Duration chosen) {
    return new SchedulerSettings(jobs, polling, reconciling, heartbeat, chosen, backoff);
  }
}
