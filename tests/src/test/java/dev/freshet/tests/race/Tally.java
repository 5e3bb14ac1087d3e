package dev.freshet.tests.race;

import java.util.EnumMap;
import java.util.Map;

/// What became of transactions, by isolation level.
///
/// @param committed how many have committed
/// @param deadlocked how many commits were given up because of a deadlock
record Tally(Map<Isolation, Integer> committed, Map<Isolation, Integer> deadlocked) {
  Tally() {
    this(new EnumMap<>(Isolation.class), new EnumMap<>(Isolation.class));
  }

  void add(Tally other) {
    other.committed.forEach((level, count) -> committed.merge(level, count, Integer::sum));
    other.deadlocked.forEach((level, count) -> deadlocked.merge(level, count, Integer::sum));
  }
}
