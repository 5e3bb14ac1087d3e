package dev.freshet.tests.random;

/// Two views that must show the same rows.
///
/// @param law why they must
record Twins(Law law, RandomView one, RandomView other) {
  static final String STRATEGY = "incremental";

  /// Why two views show the same.
  enum Law {
    /// One of them is refreshed less often.
    SPLIT,
    /// A condition holds, does not hold, or is unknown.
    PARTITIONED,
    /// A view over a view is the query over the query.
    INLINED,
    /// A table joined with itself is the table joined with a copy.
    COPIED
  }

  /// How the second one is refreshed in a round.
  String strategy(int round) {
    return law == Law.SPLIT && round % 3 < 2 ? "" : STRATEGY;
  }
}
