package dev.freshet.tests.benchmark;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Times of one way.
record Samples(List<Duration> times) {
  Samples {
    times = times.stream().sorted().toList();
  }

  Duration median() {
    return times.get(times.size() / 2);
  }

  Duration longest() {
    return times.getLast();
  }

  /// How many times as long the median is as another's.
  double ratioTo(Samples other) {
    return (double) median().toNanos() / other.median().toNanos();
  }

  /// The median, divided among so many statements.
  String each(int statements) {
    return text(median().dividedBy(statements));
  }

  @Override
  public String toString() {
    return text(median());
  }

  static String text(Duration time) {
    double milliseconds = time.toNanos() / 1e6;
    if (milliseconds < 1) {
      return String.format(Locale.ROOT, "%.4f ms", milliseconds);
    }
    return milliseconds < 1000
        ? String.format(Locale.ROOT, "%.1f ms", milliseconds)
        : String.format(Locale.ROOT, "%.2f s", milliseconds / 1000);
  }
}
