package dev.freshet.tests.random;

import dev.freshet.tests.random.query.Operator;
import java.time.Duration;
import java.util.List;

/// What a run does, from system properties that begin with `freshet.random.`.
///
/// @param seed of the first world; the following ones count on
/// @param views how many views are created, unless a duration is given
/// @param duration how long to go on; zero means until there are enough views
/// @param operators what queries are made of
/// @param strategy option freshet.refresh of the views
/// @param shrink how long a failure may be made smaller
/// @param failures after how many of them the run ends
/// @param sabotage a fault on purpose
record Settings(
    long seed,
    int views,
    Duration duration,
    List<Operator> operators,
    String strategy,
    Duration shrink,
    int failures,
    Sabotage sabotage) {

  static Settings ofProperties() {
    return new Settings(
        Long.getLong("freshet.random.seed", 1),
        Integer.getInteger("freshet.random.views", 300),
        Duration.parse(System.getProperty("freshet.random.duration", "PT0S")),
        Operator.allowed(),
        System.getProperty("freshet.random.strategy", "concurrent"),
        Duration.parse(System.getProperty("freshet.random.shrink", "PT60S")),
        Integer.getInteger("freshet.random.failures", 1),
        Sabotage.NONE);
  }
}
