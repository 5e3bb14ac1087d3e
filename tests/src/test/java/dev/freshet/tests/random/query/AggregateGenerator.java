package dev.freshet.tests.random.query;

import dev.freshet.tests.random.query.AggregateCall.Function;
import dev.freshet.tests.random.table.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Random aggregates and window functions over columns of known types.
final class AggregateGenerator {
  private static final List<DataType> EXACT =
      List.of(DataType.INT, DataType.SMALLINT, DataType.NUMERIC, DataType.MONEY);

  private final Random random;
  private final ScalarGenerator scalars;
  private final List<Operator> kinds;

  /// @param allowed the aggregates among these are used; if there is none, count(*)
  AggregateGenerator(Random random, ScalarGenerator scalars, List<Operator> allowed) {
    this.random = random;
    this.scalars = scalars;
    this.kinds = allowed.stream().filter(Operator.AGGREGATES::contains).toList();
  }

  List<AggregateCall> calls(List<DataType> types) {
    List<AggregateCall> calls = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      calls.add(call(types));
    }
    return calls;
  }

  AggregateCall call(List<DataType> types) {
    return kinds.isEmpty() ? AggregateCall.COUNT_ROWS : call(scalars.pick(kinds), types);
  }

  private AggregateCall call(Operator kind, List<DataType> types) {
    return switch (kind) {
      case COUNT ->
          random.nextBoolean()
              ? AggregateCall.COUNT_ROWS
              : plain(Function.COUNT, scalars.column(types));
      case SUM -> over(Function.SUM, types, EXACT);
      case AVG -> over(Function.AVG, types, EXACT);
      case MIN_MAX ->
          over(
              random.nextBoolean() ? Function.MIN : Function.MAX,
              types,
              ScalarGenerator.allBut(DataType.BOOL, DataType.JSONB));
      case BOOL_AGGREGATE ->
          plain(
              random.nextBoolean() ? Function.BOOL_AND : Function.BOOL_OR,
              scalars.condition(types));
      case FLOAT_AGGREGATE ->
          over(random.nextBoolean() ? Function.SUM : Function.AVG, types, List.of(DataType.FLOAT));
      case ORDERED_AGGREGATE ->
          random.nextBoolean()
              ? over(Function.STRING_AGG, types, List.of(DataType.TEXT))
              : over(Function.ARRAY_AGG, types, List.of(DataType.INT, DataType.TEXT));
      case DISTINCT_AGGREGATE -> {
        AggregateCall call =
            over(
                scalars.pick(List.of(Function.COUNT, Function.SUM, Function.ARRAY_AGG)),
                types,
                List.of(DataType.INT));
        yield new AggregateCall(
            call.function(),
            call.argument(),
            call.function() != Function.COUNT_ROWS,
            call.filter());
      }
      case FILTERED_AGGREGATE -> {
        AggregateCall call = over(scalars.pick(List.of(Function.values())), types, EXACT);
        yield new AggregateCall(
            call.function(),
            call.argument(),
            call.distinct(),
            Optional.of(scalars.condition(types)));
      }
      default -> throw new IllegalArgumentException(kind + " is no aggregate");
    };
  }

  /// The function over a column of one of these types; count(*) if there is none.
  private AggregateCall over(Function function, List<DataType> types, List<DataType> wanted) {
    List<DataType> fitting = types.stream().filter(wanted::contains).toList();
    return switch (function) {
      case COUNT_ROWS -> AggregateCall.COUNT_ROWS;
      case BOOL_AND, BOOL_OR -> plain(function, scalars.condition(types));
      case STRING_AGG -> texts(function, types);
      case ARRAY_AGG ->
          fitting.contains(DataType.INT)
              ? plain(function, scalars.column(List.of(DataType.INT)))
              : texts(function, types);
      default ->
          fitting.isEmpty() ? AggregateCall.COUNT_ROWS : plain(function, scalars.column(fitting));
    };
  }

  private AggregateCall texts(Function function, List<DataType> types) {
    return types.contains(DataType.TEXT)
        ? plain(function, scalars.column(List.of(DataType.TEXT)))
        : AggregateCall.COUNT_ROWS;
  }

  private static AggregateCall plain(Function function, Scalar argument) {
    return new AggregateCall(function, argument, false, Optional.empty());
  }

  /// One window function or two, which often share their partitions. Two that number rows share
  /// their order too: among rows that look the same, two orders could put different ones first.
  List<WindowCall> windows(List<DataType> types) {
    List<Scalar> partition = random.nextInt(6) == 0 ? List.of() : List.of(scalars.column(types));
    Scalar order = scalars.column(types);
    WindowCall first = window(types, WindowCall.ALL, partition, order);
    return switch (random.nextInt(8)) {
      case 0, 4, 5 ->
          List.of(
              first,
              window(
                  types,
                  WindowCall.BY_PEERS,
                  List.of(scalars.column(types)),
                  scalars.column(types)));
      case 1, 2, 3 -> List.of(first, window(types, WindowCall.ALL, partition, order));
      default -> List.of(first);
    };
  }

  private WindowCall window(
      List<DataType> types,
      List<WindowCall.Function> functions,
      List<Scalar> partition,
      Scalar order) {
    WindowCall.Function function = scalars.pick(functions);
    boolean summable = types.stream().anyMatch(EXACT::contains);
    WindowCall.Function possible =
        function == WindowCall.Function.SUM && !summable ? WindowCall.Function.COUNT : function;
    Scalar argument =
        possible == WindowCall.Function.SUM
            ? scalars.columnOf(types, EXACT)
            : scalars.column(types);
    return new WindowCall(possible, argument, partition, order);
  }
}
