package dev.freshet.tests.random;

import dev.freshet.compiler.sql.ViewOptions.HiddenState;
import dev.freshet.tests.random.query.Operator;
import dev.freshet.tests.random.query.Query;
import dev.freshet.tests.random.table.Tables;
import java.time.Duration;
import java.util.List;

/// What a run does, from system properties that begin with `freshet.random.`.
///
/// @param seed of the first world; the following ones count on
/// @param views how many views are created, unless a duration is given
/// @param duration how long to go on; zero means until there are enough views
/// @param operators what queries are made of
/// @param columns that tables may have besides `a` and `b`
/// @param strategy option freshet.refresh of the views
/// @param shards option freshet.shards of the views
/// @param shrink how long a failure may be made smaller
/// @param failures after how many of them the run ends
/// @param sabotage a fault on purpose
record Settings(
    long seed,
    int views,
    Duration duration,
    List<Operator> operators,
    List<String> columns,
    String strategy,
    int shards,
    Duration shrink,
    int failures,
    Sabotage sabotage) {
  private static final int USUAL_VIEWS = 300;

  /// True for a run that is large enough, and general enough, to meet every operator.
  boolean isWhole() {
    return views >= USUAL_VIEWS
        && operators.size() == Operator.values().length
        && columns.equals(Tables.optionalColumns());
  }

  /// Whether refreshes apply the changes: their history tells how each operator was followed.
  boolean isRefreshed() {
    return strategy.equals("incremental");
  }

  /// A view with these options. Shards need counts and sums, and several rows for a key.
  RandomView view(String name, Query query, HiddenState state, boolean indexed) {
    return shards > 1
        ? new RandomView(name, query, strategy, HiddenState.KEPT, false, shards)
        : new RandomView(name, query, strategy, state, indexed, 1);
  }

  private static List<String> columns(String names) {
    return names.isEmpty() ? Tables.optionalColumns() : List.of(names.split(",", -1));
  }

  static Settings ofProperties() {
    return new Settings(
        Long.getLong("freshet.random.seed", 1),
        Integer.getInteger("freshet.random.views", USUAL_VIEWS),
        Duration.parse(System.getProperty("freshet.random.duration", "PT0S")),
        Operator.allowed(),
        columns(System.getProperty("freshet.random.columns", "")),
        System.getProperty("freshet.random.strategy", "incremental"),
        Integer.getInteger("freshet.random.shards", 1),
        Duration.parse(System.getProperty("freshet.random.shrink", "PT60S")),
        Integer.getInteger("freshet.random.failures", 1),
        Sabotage.NONE);
  }
}
