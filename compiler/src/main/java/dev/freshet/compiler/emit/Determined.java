package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Combine;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.bind.Declined;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.List;
import java.util.Set;

/// Whether the data alone determines every byte of a result. Only then do the rows that are
/// computed anew from the data as it was equal those that were computed then, so that they can be
/// subtracted from what lies above.
final class Determined {
  private static final Set<String> EXACT =
      Set.of("count", "bool_and", "bool_or", "every", "bit_and", "bit_or", "bit_xor");
  private static final Set<String> ARITHMETIC =
      Set.of(
          "sum", "avg", "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp");
  private static final Set<String> EXTREMES = Set.of("min", "max");
  private static final Set<String> ORDERED =
      Set.of("string_agg", "array_agg", "json_agg", "jsonb_agg");

  private final List<ColumnType> input;

  private Determined(List<ColumnType> input) {
    this.input = input;
  }

  /// Declines a relation below others whose result can differ from one run to the next.
  static void require(Keyed keyed, ColumnTypes types) {
    for (int i = 0; i < keyed.inputs().size(); i++) {
      List<ColumnType> columns = types.of(keyed.inputs().get(i));
      List<String> keys = keyed.keys(i);
      columns.stream()
          .filter(type -> keys.contains(type.name()) && !type.equalMeansSame())
          .findFirst()
          .ifPresent(type -> {
            throw new Declined(
                "rows grouped by column %s of type %s below other operators: equal values of it can look different"
                    .formatted(type.name(), type.type()));
          });
    }
    Determined determined = new Determined(types.of(keyed.inputs().getFirst()));
    switch (keyed) {
      case Aggregate aggregate -> aggregate.aggregates().forEach(determined::requireAggregate);
      case Combine combine -> {}
      case Window window -> window.outputs().forEach(determined::requireWindow);
      case First first -> determined.requireTotalOrder();
    }
  }

  private void requireAggregate(Output output) {
    if (!(output.value() instanceof Expression.Call call) || !isExact(call)) {
      throw new Declined(
          SqlPrinter.print(output.value())
              + " below other operators: its result depends on the order of rows");
    }
  }

  private boolean isExact(Expression.Call call) {
    String name = call.function().name();
    boolean own = call.function().schema() == null || "pg_catalog".equals(call.function().schema());
    if (!own) {
      return false;
    }
    List<ColumnType> arguments =
        call.arguments().stream()
            .flatMap(argument -> Types.of(argument.value(), input).stream())
            .toList();
    boolean same = arguments.stream().allMatch(ColumnType::equalMeansSame);
    return EXACT.contains(name)
        || (ARITHMETIC.contains(name)
            && arguments.size() == 1
            && isExactNumber(arguments.getFirst())
            && (!call.aggregation().distinct() || same))
        || (EXTREMES.contains(name) && arguments.size() == 1 && same)
        || (ORDERED.contains(name) && same && isOrderedByItself(call));
  }

  private static boolean isExactNumber(ColumnType type) {
    return List.of("smallint", "integer", "bigint", "interval").contains(type.type())
        || type.type().startsWith("numeric");
  }

  private static boolean isOrderedByItself(Expression.Call call) {
    String first = SqlPrinter.print(call.arguments().getFirst().value());
    return call.aggregation().orderBy().stream()
        .anyMatch(key -> SqlPrinter.print(key.value()).equals(first));
  }

  /// Window functions that treat rows alike which are equal in the order of the window.
  private void requireWindow(Output output) {
    if (output.value() instanceof Expression.Call call && call.over() != null) {
      boolean byPeers =
          Set.of("rank", "dense_rank", "percent_rank", "cume_dist").contains(call.function().name())
              || (call.over() instanceof Expression.Over.Inline(var window)
                  && window.frame() == null
                  && isExact(call));
      if (!byPeers) {
        throw new Declined(
            SqlPrinter.print(call)
                + " below other operators: rows that are equal in its order have no order of their own");
      }
    }
  }

  private void requireTotalOrder() {
    throw new Declined("DISTINCT ON below other operators");
  }

  /// The types of an argument's columns.
  private static final class Types {
    static List<ColumnType> of(Expression argument, List<ColumnType> input) {
      return argument instanceof Expression.Column column
          ? input.stream().filter(t -> t.name().equals(column.path().getLast())).toList()
          : List.of();
    }
  }
}
