package dev.freshet.tests.random.query;

import dev.freshet.tests.random.table.DataType;
import java.util.List;

/// A window function. `row_number` and `lag` are given a total order, the others may have peers.
///
/// @param partition empty for one partition of all rows
/// @param order the first sort key
public record WindowCall(Function function, Scalar argument, List<Scalar> partition, Scalar order) {

  static final List<Function> ALL = List.of(Function.values());

  /// Those to which rows that are equal in the order are alike.
  static final List<Function> BY_PEERS = List.of(Function.RANK, Function.SUM, Function.COUNT);

  /// The window functions.
  public enum Function {
    ROW_NUMBER,
    RANK,
    SUM,
    COUNT,
    LAG
  }

  Output write(List<Output> input) {
    Scope scope = Scope.of(input);
    Output over = argument.write(scope);
    String by =
        partition.isEmpty()
            ? ""
            : "PARTITION BY %s "
                .formatted(Scalar.list(partition.stream().map(p -> p.write(scope)).toList()));
    String first = order.write(scope).sql();
    String total = first + ", " + TotalOrder.of(input);
    String window = " OVER (%sORDER BY %s)";
    return switch (function) {
      case ROW_NUMBER -> result("row_number()" + window.formatted(by, total), DataType.BIGINT);
      case RANK -> result("rank()" + window.formatted(by, first), DataType.BIGINT);
      case SUM -> result("sum(%s)".formatted(over.sql()) + window.formatted(by, first), sum());
      case COUNT ->
          result("count(%s)".formatted(over.sql()) + window.formatted(by, first), DataType.BIGINT);
      case LAG ->
          new Output(
              "lag(%s)".formatted(over.sql()) + window.formatted(by, total),
              "c",
              over.type(),
              over.type().hasEqualImages() || input.stream().allMatch(Output::determined));
    };
  }

  private Output result(String sql, DataType type) {
    return new Output(sql, "c", type, true);
  }

  private DataType sum() {
    return argument.type() == DataType.INT || argument.type() == DataType.SMALLINT
        ? DataType.BIGINT
        : DataType.NUMERIC;
  }
}
