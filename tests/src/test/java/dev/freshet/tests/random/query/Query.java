package dev.freshet.tests.random.query;

import java.util.List;

/// A query as a tree. Expressions refer to the columns of the inputs by type and number.
public sealed interface Query {
  /// All rows of a table, or of another materialized view.
  record Scan(String table) implements Query {}

  /// Rows of an int and a text, given as text.
  record Values(List<String> rows) implements Query {}

  /// The numbers from 0 to this.
  record Series(int last) implements Query {}

  record Project(Query input, List<Scalar> outputs) implements Query {}

  /// WHERE, or HAVING right above a [Group].
  record Filter(Query input, Scalar condition) implements Query {}

  /// A subquery in FROM, even where none is needed.
  record Subquery(Query input) implements Query {}

  record Join(JoinKind kind, Query left, Query right, Scalar condition) implements Query {}

  /// Rows of the outer query for which there are, or are not, rows of the inner one.
  ///
  /// @param tested what IN looks for
  /// @param member where IN looks
  record Match(
      MatchKind kind, Query left, Query right, Scalar condition, Scalar tested, Scalar member)
      implements Query {}

  /// The outer query and an aggregate of the inner one as a further column.
  record Lookup(Query left, Query right, AggregateCall call, Scalar condition, boolean correlated)
      implements Query {}

  /// The outer query and a value of one row of the inner one as a further column.
  ///
  /// @param first of several rows the first is taken; otherwise a key makes sure of one
  record Pick(Query left, Query right, Scalar value, Scalar condition, boolean first)
      implements Query {}

  /// One row for each combination of the keys; without keys, one row.
  record Group(Query input, List<Scalar> keys, List<AggregateCall> calls, Grouping grouping)
      implements Query {}

  record Distinct(Query input) implements Query {}

  /// DISTINCT ON the key: the first row in a total order that begins with `order`.
  record First(Query input, Scalar key, Scalar order) implements Query {}

  /// The right one is made to fit the columns of the left one.
  record Combine(SetKind kind, Query left, Query right) implements Query {}

  record Window(Query input, List<WindowCall> calls) implements Query {}

  /// The first rows in a total order that begins with `order`.
  record Limit(Query input, Scalar order, int rows, int offset) implements Query {}

  /// One row for each of the elements.
  record Unnest(Query input, List<Scalar> elements) implements Query {}

  /// WITH; twice means joined with itself.
  record Shared(Query input, boolean twice) implements Query {}

  /// A plain view.
  record Named(Query input) implements Query {}

  /// The kinds of joins.
  enum JoinKind {
    INNER,
    THETA,
    USING,
    LEFT_USING,
    FULL_USING,
    CROSS,
    LEFT,
    RIGHT,
    FULL,
    LATERAL,
    /// The first two rows in a total order.
    LATERAL_LIMIT
  }

  /// How rows are grouped.
  enum Grouping {
    GROUP_BY,
    ROLLUP,
    CUBE
  }

  /// The kinds of matches.
  enum MatchKind {
    EXISTS,
    NOT_EXISTS,
    IN,
    NOT_IN,
    /// EXISTS or something else.
    EXISTS_OR,
    /// Whether such a row exists, as a further column.
    EXISTS_COLUMN,
    /// NOT IN or something else.
    NOT_IN_OR,
    /// Whether the value is among those, which may be unknown, as a further column.
    IN_COLUMN,
    /// Whether the value is at most as large as all of them.
    ALL_COLUMN;

    boolean tests() {
      return this == IN
          || this == NOT_IN
          || this == NOT_IN_OR
          || this == IN_COLUMN
          || this == ALL_COLUMN;
    }
  }

  /// The set operators.
  enum SetKind {
    UNION_ALL,
    UNION,
    INTERSECT,
    INTERSECT_ALL,
    EXCEPT,
    EXCEPT_ALL;

    String sql() {
      return name().replace('_', ' ');
    }
  }

  default List<Query> inputs() {
    return switch (this) {
      case Scan _, Values _, Series _ -> List.of();
      case Project(Query input, _) -> List.of(input);
      case Filter(Query input, _) -> List.of(input);
      case Subquery(Query input) -> List.of(input);
      case Join(_, Query left, Query right, _) -> List.of(left, right);
      case Match(_, Query left, Query right, _, _, _) -> List.of(left, right);
      case Lookup(Query left, Query right, _, _, _) -> List.of(left, right);
      case Pick(Query left, Query right, _, _, _) -> List.of(left, right);
      case Group(Query input, _, _, _) -> List.of(input);
      case Distinct(Query input) -> List.of(input);
      case First(Query input, _, _) -> List.of(input);
      case Combine(_, Query left, Query right) -> List.of(left, right);
      case Window(Query input, _) -> List.of(input);
      case Limit(Query input, _, _, _) -> List.of(input);
      case Unnest(Query input, _) -> List.of(input);
      case Shared(Query input, _) -> List.of(input);
      case Named(Query input) -> List.of(input);
    };
  }

  default Query withInputs(List<Query> in) {
    return switch (this) {
      case Scan _, Values _, Series _ -> this;
      case Project(_, var outputs) -> new Project(in.get(0), outputs);
      case Filter(_, var condition) -> new Filter(in.get(0), condition);
      case Subquery _ -> new Subquery(in.get(0));
      case Join(var kind, _, _, var condition) -> new Join(kind, in.get(0), in.get(1), condition);
      case Match(var kind, _, _, var condition, var tested, var member) ->
          new Match(kind, in.get(0), in.get(1), condition, tested, member);
      case Lookup(_, _, var call, var condition, var correlated) ->
          new Lookup(in.get(0), in.get(1), call, condition, correlated);
      // another query in place of the inner one need not have a key
      case Pick(_, var right, var value, var condition, var first) ->
          new Pick(in.get(0), first ? in.get(1) : right, value, condition, first);
      case Group(_, var keys, var calls, var grouping) ->
          new Group(in.get(0), keys, calls, grouping);
      case Distinct _ -> new Distinct(in.get(0));
      case First(_, var key, var order) -> new First(in.get(0), key, order);
      case Combine(var kind, _, _) -> new Combine(kind, in.get(0), in.get(1));
      case Window(_, var calls) -> new Window(in.get(0), calls);
      case Limit(_, var order, var rows, var offset) -> new Limit(in.get(0), order, rows, offset);
      case Unnest(_, var elements) -> new Unnest(in.get(0), elements);
      case Shared(_, var twice) -> new Shared(in.get(0), twice);
      case Named _ -> new Named(in.get(0));
    };
  }

  /// The operator of the root.
  default Operator operator() {
    return switch (this) {
      case Scan(String table) -> table.startsWith("v") ? Operator.MATERIALIZED_VIEW : Operator.SCAN;
      case Values _ -> Operator.VALUES;
      case Series _ -> Operator.SERIES;
      case Project _ -> Operator.PROJECT;
      case Filter(Query input, _) -> input instanceof Group ? Operator.HAVING : Operator.FILTER;
      case Subquery _ -> Operator.SUBQUERY;
      case Join join when join.kind == JoinKind.INNER && join.left.equals(join.right) ->
          Operator.SELF_JOIN;
      case Join(var kind, _, _, _) -> Operator.valueOf(kind + "_JOIN");
      case Match(var kind, _, _, _, _, _) -> Operator.valueOf(kind.name());
      case Lookup lookup ->
          lookup.correlated ? Operator.CORRELATED_SUBQUERY : Operator.SCALAR_SUBQUERY;
      case Pick pick -> pick.first ? Operator.FIRST_SUBQUERY : Operator.KEY_SUBQUERY;
      case Group(_, var keys, _, var grouping) ->
          keys.isEmpty() ? Operator.GLOBAL_AGGREGATE : Operator.valueOf(grouping.name());
      case Distinct _ -> Operator.DISTINCT;
      case First _ -> Operator.DISTINCT_ON;
      case Combine(var kind, _, _) -> Operator.valueOf(kind.name());
      case Window _ -> Operator.WINDOW;
      case Limit _ -> Operator.LIMIT;
      case Unnest _ -> Operator.UNNEST;
      case Shared shared -> shared.twice ? Operator.CTE_TWICE : Operator.CTE;
      case Named _ -> Operator.PLAIN_VIEW;
    };
  }
}
