package dev.freshet.compiler.bind;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.Schema.Trait;
import dev.freshet.compiler.algebra.Keys;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operator;
import dev.freshet.compiler.sql.Query;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// Windows with a common PARTITION BY: rows that agree in it make a result of their own.
///
/// @param keys what all of them partition by
/// @param windows calls over columns of `i`
record WindowLayer(Set<String> keys, List<Output> windows) {
  private static final Set<String> BY_PEERS =
      Set.of("rank", "dense_rank", "percent_rank", "cume_dist");

  /// The layers of some windows, the innermost first: what the data determines lies below, since a
  /// layer above subtracts what the one below was.
  ///
  /// @param input the rows that the windows look at
  static List<WindowLayer> of(Collection<Output> windows, Relation input, Binder binder) {
    List<WindowLayer> layers = new ArrayList<>();
    windows.forEach(window -> add(window, layers));
    return layers.stream()
        .sorted(Comparator.comparingInt(layer -> layer.chance(input, binder)))
        .toList();
  }

  private static void add(Output window, List<WindowLayer> layers) {
    Set<String> partition = partition(window);
    if (partition.isEmpty()) {
      throw new Declined(
          "a window without PARTITION BY: each row can change all others", window.value().span());
    }
    layers.stream()
        .filter(layer -> layer.keys.stream().anyMatch(partition::contains))
        .findFirst()
        .ifPresentOrElse(
            layer -> {
              layer.keys.retainAll(partition);
              layer.windows.add(window);
            },
            () -> layers.add(new WindowLayer(partition, new ArrayList<>(List.of(window)))));
  }

  /// The windows over an input, beside all its columns.
  Window over(Relation input, Schema schema) {
    List<Output> outputs = new ArrayList<>(windows);
    input.columns().forEach(c -> outputs.add(new Output(c, Scope.column("i", c.name()))));
    List<Column> columns =
        input.columns().stream().filter(column -> keys.contains(column.name())).toList();
    String query =
        "SELECT %s FROM (%s) AS i"
            .formatted(RelationSql.names(columns, "i."), RelationSql.query(input));
    List<Operator> equal =
        schema.describe(query).stream().map(ColumnType::equals).map(Operator::parse).toList();
    return new Window(input, columns.stream().map(Column::name).toList(), equal, outputs);
  }

  /// How likely it is that the data does not determine a result.
  private int chance(Relation input, Binder binder) {
    return windows.stream()
        .mapToInt(window -> chance(call(window), partition(window), input, binder))
        .max()
        .orElse(0);
  }

  private static int chance(
      Expression.Call call, Set<String> partition, Relation input, Binder binder) {
    Query.Window over = over(call);
    Set<String> ordered = new HashSet<>(partition);
    over.orderBy().forEach(key -> columns(key.value()).forEach(ordered::add));
    boolean byPeers = BY_PEERS.contains(call.function().name());
    boolean aggregates = over.frame() == null && binder.functions.has(call, Trait.AGGREGATE);
    return byPeers || Keys.isKey(input, ordered) ? 0 : aggregates ? 1 : 2;
  }

  private static Set<String> partition(Output window) {
    Set<String> names = new LinkedHashSet<>();
    over(call(window)).partitionBy().forEach(key -> columns(key).forEach(names::add));
    return names;
  }

  private static Stream<String> columns(Expression value) {
    return value instanceof Expression.Column column
        ? Stream.of(column.path().getLast())
        : Stream.of();
  }

  private static Expression.Call call(Output window) {
    return (Expression.Call) window.value();
  }

  private static Query.Window over(Expression.Call call) {
    return ((Expression.Over.Inline) Objects.requireNonNull(call.over())).window();
  }
}
