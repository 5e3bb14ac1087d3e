package dev.freshet.tests.random.query;

import dev.freshet.tests.random.query.Query.Grouping;
import dev.freshet.tests.random.query.Query.JoinKind;
import dev.freshet.tests.random.query.Query.MatchKind;
import dev.freshet.tests.random.query.Query.SetKind;
import dev.freshet.tests.random.table.DataType;
import dev.freshet.tests.random.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Grows random queries over tables. Start reading at [#grow].
public final class QueryGenerator {
  private static final int DEEPEST = 4;
  private static final long MOST_ROWS = 1500;
  private static final long TINY = 24;

  /// Only outermost groups can be added to, so that these are outermost more often than by chance.
  private static final Set<Operator> GROUPS =
      Set.of(
          Operator.GROUP_BY,
          Operator.HAVING,
          Operator.GLOBAL_AGGREGATE,
          Operator.DISTINCT,
          Operator.UNION);

  private final Random random;
  private final List<Table> tables;
  private final List<Operator> operators;
  private final ScalarGenerator scalars;
  private final AggregateGenerator aggregates;

  public QueryGenerator(Random random, List<Table> tables, List<Operator> allowed) {
    this.random = random;
    this.tables = tables;
    this.operators =
        allowed.stream()
            .filter(operator -> !Operator.AGGREGATES.contains(operator))
            .filter(operator -> !Operator.LEAVES.contains(operator))
            .toList();
    this.scalars = new ScalarGenerator(random);
    this.aggregates = new AggregateGenerator(random, scalars, allowed);
    this.leaves = allowed.stream().filter(Operator.LEAVES::contains).toList();
  }

  private final List<Operator> leaves;

  /// True if the result is as small as a table, so that other views can read it.
  public static boolean isTiny(Query query) {
    return Size.of(query) <= TINY;
  }

  /// A query whose result stays small, and that reads at least one table.
  public Query grow() {
    while (true) {
      Query query = outermost(1 + random.nextInt(DEEPEST));
      if (Size.of(query) <= MOST_ROWS && Shape.readsTable(query)) {
        return query;
      }
    }
  }

  private Query outermost(int depth) {
    List<Operator> groups = operators.stream().filter(GROUPS::contains).toList();
    return groups.isEmpty() || random.nextInt(3) > 0
        ? grow(depth)
        : grow(scalars.pick(groups), depth);
  }

  private Query grow(int depth) {
    return depth <= 0 || operators.isEmpty() ? leaf() : grow(scalars.pick(operators), depth);
  }

  private Query grow(Operator operator, int depth) {
    return switch (operator) {
      case PROJECT -> project(grow(depth - 1));
      case FILTER -> filter(grow(depth - 1));
      case HAVING -> filter(group(grow(depth - 2), true, Grouping.GROUP_BY));
      case SUBQUERY -> new Query.Subquery(grow(depth - 1));
      case INNER_JOIN -> join(JoinKind.INNER, depth);
      case SELF_JOIN -> selfJoin(grow(depth - 1));
      case THETA_JOIN -> join(JoinKind.THETA, depth);
      case USING_JOIN -> join(JoinKind.USING, depth);
      case LEFT_USING_JOIN -> join(JoinKind.LEFT_USING, depth);
      case FULL_USING_JOIN -> join(JoinKind.FULL_USING, depth);
      case CROSS_JOIN -> join(JoinKind.CROSS, depth);
      case LEFT_JOIN -> join(JoinKind.LEFT, depth);
      case RIGHT_JOIN -> join(JoinKind.RIGHT, depth);
      case FULL_JOIN -> join(JoinKind.FULL, depth);
      case LATERAL_JOIN -> join(JoinKind.LATERAL, depth);
      case LATERAL_LIMIT_JOIN -> join(JoinKind.LATERAL_LIMIT, depth);
      case UNNEST -> unnest(grow(depth - 1));
      case EXISTS -> match(MatchKind.EXISTS, depth);
      case NOT_EXISTS -> match(MatchKind.NOT_EXISTS, depth);
      case IN -> match(MatchKind.IN, depth);
      case NOT_IN -> match(MatchKind.NOT_IN, depth);
      case EXISTS_OR -> match(MatchKind.EXISTS_OR, depth);
      case EXISTS_COLUMN -> match(MatchKind.EXISTS_COLUMN, depth);
      case NOT_IN_OR -> match(MatchKind.NOT_IN_OR, depth);
      case IN_COLUMN -> match(MatchKind.IN_COLUMN, depth);
      case ALL_COLUMN -> match(MatchKind.ALL_COLUMN, depth);
      case SCALAR_SUBQUERY -> lookup(depth, false);
      case CORRELATED_SUBQUERY -> lookup(depth, true);
      case KEY_SUBQUERY -> keyed(grow(depth - 1));
      case FIRST_SUBQUERY -> picked(grow(depth - 1), grow(depth - 2));
      case GROUP_BY -> group(grow(depth - 1), true, Grouping.GROUP_BY);
      case GLOBAL_AGGREGATE -> group(grow(depth - 1), false, Grouping.GROUP_BY);
      case ROLLUP -> group(grow(depth - 1), true, Grouping.ROLLUP);
      case CUBE -> group(grow(depth - 1), true, Grouping.CUBE);
      case DISTINCT -> new Query.Distinct(grow(depth - 1));
      case DISTINCT_ON -> first(grow(depth - 1));
      case UNION_ALL, UNION, INTERSECT, INTERSECT_ALL, EXCEPT, EXCEPT_ALL ->
          new Query.Combine(SetKind.valueOf(operator.name()), grow(depth - 1), grow(depth - 2));
      case WINDOW -> window(grow(depth - 1));
      case LIMIT -> limit(grow(depth - 1));
      case CTE -> new Query.Shared(grow(depth - 1), false);
      case CTE_TWICE -> new Query.Shared(grow(depth - 1), true);
      case PLAIN_VIEW -> new Query.Named(grow(depth - 1));
      default -> throw new IllegalArgumentException(operator + " is no node with inputs");
    };
  }

  private Query leaf() {
    if (random.nextInt(8) == 0 && leaves.contains(Operator.VALUES)) {
      return new Query.Values(List.of("(0, 'a')", "(1, NULL)", "(1, 'A')", "(NULL, 'a')"));
    }
    if (random.nextInt(8) == 0 && leaves.contains(Operator.SERIES)) {
      return new Query.Series(random.nextInt(5));
    }
    List<Table> views = tables.stream().filter(table -> table.name().startsWith("v")).toList();
    List<Table> others = tables.stream().filter(table -> !views.contains(table)).toList();
    boolean rather = random.nextInt(4) == 0 && leaves.contains(Operator.MATERIALIZED_VIEW);
    boolean view = others.isEmpty() || (rather && !views.isEmpty());
    return new Query.Scan(scalars.pick(view ? views : others).name());
  }

  private Query project(Query input) {
    List<DataType> types = types(input);
    List<Scalar> outputs = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      outputs.add(scalars.expression(types));
    }
    return new Query.Project(input, outputs);
  }

  private Query filter(Query input) {
    return new Query.Filter(input, scalars.condition(types(input)));
  }

  private Query selfJoin(Query input) {
    List<DataType> types = types(input);
    return new Query.Join(JoinKind.INNER, input, input, scalars.equality(types, types));
  }

  private Query join(JoinKind kind, int depth) {
    Query left = grow(depth - 1);
    Query right = grow(random.nextBoolean() ? depth - 1 : depth - 2);
    return new Query.Join(kind, left, right, on(kind, types(left), types(right)));
  }

  private Scalar on(JoinKind kind, List<DataType> left, List<DataType> right) {
    Scalar equality = scalars.equality(left, right);
    boolean simple = kind == JoinKind.FULL || kind == JoinKind.FULL_USING || random.nextInt(3) > 0;
    return switch (kind) {
      case CROSS -> Scalar.Constant.TRUE;
      case THETA -> scalars.inequality(left, right);
      case INNER, USING, LEFT_USING, FULL_USING, LATERAL, LATERAL_LIMIT, LEFT, RIGHT, FULL ->
          simple
              ? equality
              : scalars.and(equality, scalars.condition(random.nextBoolean() ? left : right));
    };
  }

  private Query unnest(Query input) {
    DataType type =
        scalars.pick(
            types(input).stream().filter(t -> !isArray(t)).toList().isEmpty()
                ? List.of(DataType.INT)
                : types(input).stream().filter(t -> !isArray(t)).toList());
    return new Query.Unnest(
        input,
        List.of(
            scalars.reference(Scalar.Side.BOTH, type), scalars.reference(Scalar.Side.BOTH, type)));
  }

  private static boolean isArray(DataType type) {
    return type == DataType.INTS || type == DataType.TEXTS;
  }

  private Query match(MatchKind kind, int depth) {
    Query left = grow(depth - 1);
    Query right = grow(random.nextBoolean() ? depth - 1 : depth - 2);
    List<DataType> outer = types(left);
    List<DataType> inner = types(right);
    List<DataType> shared = outer.stream().filter(inner::contains).toList();
    DataType type = shared.isEmpty() ? DataType.INT : scalars.pick(shared);
    Scalar equality = scalars.equality(outer, inner);
    Scalar condition = kind.tests() && random.nextInt(3) > 0 ? Scalar.Constant.TRUE : equality;
    return new Query.Match(
        kind,
        left,
        right,
        condition,
        kind == MatchKind.EXISTS_OR
            ? scalars.condition(outer)
            : scalars.reference(Scalar.Side.BOTH, type),
        scalars.reference(Scalar.Side.BOTH, type));
  }

  private Query lookup(int depth, boolean correlated) {
    Query left = grow(depth - 1);
    Query right = grow(depth - 2);
    Scalar condition = correlated ? correlation(types(left), types(right)) : Scalar.Constant.TRUE;
    return new Query.Lookup(left, right, aggregates.call(types(right)), condition, correlated);
  }

  /// Looks a row of the first table up by its key. A key holds for the table that has it, not for
  /// its children.
  private Query keyed(Query left) {
    Optional<Table> table =
        tables.stream().filter(t -> t.keyed() && t.kind() == Table.Kind.PLAIN).findFirst();
    if (table.isEmpty() || !types(left).contains(DataType.INT)) {
      return picked(left, leaf());
    }
    Query right = new Query.Scan(table.get().name());
    Scalar key = new Scalar.Reference(Scalar.Side.RIGHT, DataType.INT, 0);
    Scalar condition =
        Scalar.apply(
            "(%s = %s)", DataType.BOOL, scalars.reference(Scalar.Side.LEFT, DataType.INT), key);
    return new Query.Pick(left, right, scalars.expression(types(right)), condition, false);
  }

  private Query picked(Query left, Query right) {
    Scalar condition = correlation(types(left), types(right));
    return new Query.Pick(left, right, scalars.column(types(right)), condition, true);
  }

  private Scalar correlation(List<DataType> left, List<DataType> right) {
    return switch (random.nextInt(6)) {
      case 0 -> scalars.inequality(left, right);
      case 1 -> scalars.and(scalars.equality(left, right), scalars.inequality(left, right));
      default -> scalars.equality(left, right);
    };
  }

  private Query group(Query input, boolean keyed, Grouping grouping) {
    List<DataType> types = types(input);
    List<Scalar> keys = new ArrayList<>();
    int count = keyed ? 1 + random.nextInt(2) : 0;
    for (int i = 0; i < count; i++) {
      keys.add(random.nextInt(4) == 0 ? scalars.expression(types) : scalars.column(types));
    }
    return new Query.Group(input, keys, aggregates.calls(types), grouping);
  }

  private Query first(Query input) {
    List<DataType> types = types(input);
    return new Query.First(input, scalars.column(types), scalars.column(types));
  }

  private Query window(Query input) {
    return new Query.Window(input, aggregates.windows(types(input)));
  }

  private Query limit(Query input) {
    int offset = random.nextInt(3) == 0 ? 2 : 0;
    return new Query.Limit(input, scalars.column(types(input)), 1 + random.nextInt(6), offset);
  }

  private List<DataType> types(Query query) {
    return QueryText.of(query, "v", tables).types();
  }
}
