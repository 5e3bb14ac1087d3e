package dev.freshet.tests.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/// Two crowds of clients in turns, and how many transactions each commits in a second.
record Contest(String what, int clients, Goal goal) {
  static final int SECONDS = 3;

  /// @param ours the statements of a client by its number, in one string
  void run(
      Database database,
      int runs,
      Report report,
      IntFunction<String> ours,
      IntFunction<String> other)
      throws Exception {
    Crowd crowd = new Crowd(database, clients, SECONDS);
    List<Double> with = new ArrayList<>();
    List<Double> without = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      with.add(crowd.run(ours));
      without.add(crowd.run(other));
    }
    report.compare(what, perSecond(with), perSecond(without), median(with) / median(without), goal);
  }

  private static double median(List<Double> values) {
    Collections.sort(values);
    return values.get(values.size() / 2);
  }

  private static String perSecond(List<Double> values) {
    return String.format(Locale.ROOT, "%.0f/s", median(values));
  }
}
