package dev.freshet.tests.random.query;

import java.util.List;
import java.util.Set;

/// What a random query is made of; the unit in which coverage is counted.
public enum Operator {
  SCAN,
  MATERIALIZED_VIEW,
  VALUES,
  SERIES,
  PROJECT,
  FILTER,
  HAVING,
  SUBQUERY,
  INNER_JOIN,
  SELF_JOIN,
  THETA_JOIN,
  USING_JOIN,
  LEFT_USING_JOIN,
  FULL_USING_JOIN,
  CROSS_JOIN,
  LEFT_JOIN,
  RIGHT_JOIN,
  FULL_JOIN,
  LATERAL_JOIN,
  LATERAL_LIMIT_JOIN,
  UNNEST,
  EXISTS,
  NOT_EXISTS,
  IN,
  NOT_IN,
  EXISTS_OR,
  EXISTS_COLUMN,
  NOT_IN_OR,
  IN_COLUMN,
  ALL_COLUMN,
  SCALAR_SUBQUERY,
  CORRELATED_SUBQUERY,
  KEY_SUBQUERY,
  FIRST_SUBQUERY,
  GROUP_BY,
  GLOBAL_AGGREGATE,
  ROLLUP,
  CUBE,
  COUNT,
  SUM,
  AVG,
  MIN_MAX,
  BOOL_AGGREGATE,
  FLOAT_AGGREGATE,
  ORDERED_AGGREGATE,
  DISTINCT_AGGREGATE,
  FILTERED_AGGREGATE,
  DISTINCT,
  DISTINCT_ON,
  UNION_ALL,
  UNION,
  INTERSECT,
  INTERSECT_ALL,
  EXCEPT,
  EXCEPT_ALL,
  WINDOW,
  LIMIT,
  CTE,
  CTE_TWICE,
  PLAIN_VIEW;

  /// Those that are not a node of the tree but a property of an aggregate.
  static final Set<Operator> AGGREGATES =
      Set.of(
          COUNT,
          SUM,
          AVG,
          MIN_MAX,
          BOOL_AGGREGATE,
          FLOAT_AGGREGATE,
          ORDERED_AGGREGATE,
          DISTINCT_AGGREGATE,
          FILTERED_AGGREGATE);

  /// Those without an input.
  static final Set<Operator> LEAVES = Set.of(SCAN, MATERIALIZED_VIEW, VALUES, SERIES);

  /// Those that cannot be maintained incrementally wherever they stand.
  public static final Set<Operator> DECLINED = Set.of();

  /// The operators of system property `freshet.random.operators`, or all of them.
  public static List<Operator> allowed() {
    String names = System.getProperty("freshet.random.operators", "");
    return names.isEmpty()
        ? List.of(values())
        : List.of(names.split(",", -1)).stream().map(Operator::valueOf).toList();
  }
}
