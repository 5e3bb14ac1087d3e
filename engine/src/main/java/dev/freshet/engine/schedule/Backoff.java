package dev.freshet.engine.schedule;

import java.time.Duration;

/// How long to wait before a refresh that failed is tried again: twice as long each time.
///
/// @param first wait after the first failure
/// @param longest no wait is longer
public record Backoff(Duration first, Duration longest) {
  /// 10 s, 20 s, 40 s and so on up to 10 minutes.
  public static final Backoff DEFAULT = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(10));

  private static final int MOST_DOUBLINGS = 30;

  /// The wait before the next attempt.
  ///
  /// @param failures attempts that failed so far, at least 1
  public Duration after(int failures) {
    Duration wait = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    return wait.compareTo(longest) > 0 ? longest : wait;
  }
}
