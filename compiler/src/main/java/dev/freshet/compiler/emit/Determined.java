package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Keys;
import dev.freshet.compiler.algebra.Relation;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
  private static final Set<String> ORDERED_SETS = Set.of("mode", "percentile_disc");
  private static final Set<String> ORDERED =
      Set.of("string_agg", "array_agg", "json_agg", "jsonb_agg");

  private final Relation input;
  private final List<String> keys;
  private final ColumnTypes types;

  private Determined(Keyed keyed, ColumnTypes types) {
    this.input = keyed.inputs().getFirst();
    this.keys = keyed.keys(0);
    this.types = types;
  }

  /// Declines a relation below others whose result can differ from one run to the next.
  static void require(Keyed keyed, ColumnTypes types) {
    Determined determined = new Determined(keyed, types);
    switch (keyed) {
      case Aggregate aggregate -> {
        requireKeys(keyed, types);
        aggregate.aggregates().forEach(determined::requireAggregate);
      }
      case Combine combine -> requireKeys(keyed, types);
      case Window window -> new DeterminedWindows(window, types, determined::isExact).require();
      case First first -> requireTotal(first, types);
    }
  }

  /// One of several equal keys stands for all of them.
  private static void requireKeys(Keyed keyed, ColumnTypes types) {
    for (int i = 0; i < keyed.inputs().size(); i++) {
      Relation input = keyed.inputs().get(i);
      Set<String> same =
          keyed.keys(i).stream()
              .filter(key -> types.of(input, key).equalMeansSame())
              .collect(Collectors.toSet());
      keyed.keys(i).stream()
          .filter(key -> !Keys.determines(input, same, key))
          .map(key -> types.of(input, key))
          .findFirst()
          .ifPresent(type -> {
            throw new Declined(
                "rows grouped by column %s of type %s below other operators: equal values of it can look different"
                    .formatted(type.name(), type.type()));
          });
    }
  }

  /// Declines first rows in an order in which chance decides between some.
  static void requireTotal(First first, ColumnTypes types) {
    boolean allTies = first.top().withTies() && first.top().offset() == 0;
    if (!allTies && !TotalOrder.is(first.input(), first.keys(), first.order(), types)) {
      throw new Declined(
          (first.keys().isEmpty() ? "LIMIT" : "first rows of each key below other operators,")
              + " without a total order: the data does not tell which of several rows comes first");
    }
  }

  private void requireAggregate(Output output) {
    if (!(output.value() instanceof Expression.Call call)) {
      throw new Declined(inexact(output, "its result depends on the order of rows"));
    }
    if (!isExact(call)) {
      String why =
          loose(call)
              .map(type -> "equal values of type " + type.type() + " can look different")
              .orElse("its result depends on the order of rows");
      throw new Declined(inexact(output, why));
    }
  }

  private static String inexact(Output aggregate, String why) {
    return SqlPrinter.print(aggregate.value()) + " below other operators: " + why;
  }

  /// The type of which the least or greatest value can be one of several.
  private Optional<ColumnType> loose(Expression.Call call) {
    return EXTREMES.contains(call.function().name())
        ? call.arguments().stream()
            .flatMap(argument -> typeOf(argument.value()).stream())
            .filter(type -> !type.equalMeansSame())
            .findFirst()
        : Optional.empty();
  }

  private boolean isExact(Expression.Call call) {
    String name = call.function().name();
    if (!call.function().isBuiltIn()) {
      return false;
    }
    List<ColumnType> arguments =
        call.arguments().stream().flatMap(argument -> typeOf(argument.value()).stream()).toList();
    boolean same = arguments.stream().allMatch(type -> type.equalMeansSame());
    return isTotallyOrdered(call)
        || EXACT.contains(name)
        || (ARITHMETIC.contains(name)
            && arguments.size() == 1
            && isExactNumber(arguments.getFirst())
            && (!call.aggregation().distinct() || same))
        || (EXTREMES.contains(name) && arguments.size() == 1 && same)
        || (ORDERED_SETS.contains(name) && sameInGroup(call))
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

  /// One of several equal values is the result.
  private boolean sameInGroup(Expression.Call call) {
    return call.aggregation().withinGroup().stream()
        .allMatch(key -> typeOf(key.value()).filter(ColumnType::equalMeansSame).isPresent());
  }

  private boolean isTotallyOrdered(Expression.Call call) {
    return !call.aggregation().distinct()
        && !call.aggregation().orderBy().isEmpty()
        && TotalOrder.is(input, keys, call.aggregation().orderBy(), types);
  }

  private Optional<ColumnType> typeOf(Expression argument) {
    return argument instanceof Expression.Column column
        ? Optional.of(types.of(input, column.path().getLast()))
        : Optional.empty();
  }
}
