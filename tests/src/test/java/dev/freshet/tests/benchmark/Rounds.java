package dev.freshet.tests.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs several ways in turns, so that whatever else the machine does strikes all of them.
final class Rounds {
  private final Map<String, Step> ways = new LinkedHashMap<>();
  private Step before = () -> {};

  /// Something to measure.
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  /// A way, under a name to find its times by.
  Rounds of(String name, Step way) {
    ways.put(name, way);
    return this;
  }

  /// What is done before each measured step, outside its time.
  Rounds before(Step step) {
    before = step;
    return this;
  }

  /// Each way once in each round, in an order that turns with every round.
  Times run(int rounds) throws Exception {
    Map<String, List<Duration>> times = new LinkedHashMap<>();
    ways.keySet().forEach(name -> times.put(name, new ArrayList<>()));
    List<String> order = new ArrayList<>(ways.keySet());
    for (int i = 0; i < rounds; i++) {
      for (String name : order) {
        before.run();
        times.computeIfAbsent(name, n -> new ArrayList<>()).add(time(way(name)));
      }
      Collections.rotate(order, 1);
    }
    return new Times(times);
  }

  /// What each way took.
  record Times(Map<String, List<Duration>> byName) {
    Samples of(String name) {
      return new Samples(byName.getOrDefault(name, List.of()));
    }
  }

  private Step way(String name) {
    Step way = ways.get(name);
    if (way == null) {
      throw new IllegalArgumentException(name);
    }
    return way;
  }

  static Duration time(Step step) throws Exception {
    long start = System.nanoTime();
    step.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
