package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Computes the window functions of a select list in relations of their own: one over the other
/// where they have no PARTITION BY in common.
final class Windows {
  private final Binder binder;
  private final Block block;
  private final Grouped grouped;
  private final Map<String, Expression> values = new LinkedHashMap<>();

  /// By the text of the call; over the values.
  private final Map<String, Output> windows = new LinkedHashMap<>();

  private String alias = "";

  Windows(Binder binder, Block block, Grouped grouped) {
    this.binder = binder;
    this.block = block;
    this.grouped = grouped;
  }

  /// The expression with the windows that it names written out.
  static Expression inline(Expression expression, List<Query.NamedWindow> windows) {
    if (windows.isEmpty()) {
      return expression;
    }
    return Subexpressions.replace(
        expression,
        part ->
            part instanceof Expression.Call call && call.over() != null
                ? new Expression.Call(
                    call.span(),
                    call.function(),
                    call.arguments(),
                    call.aggregation(),
                    new Expression.Over.Inline(whole(call.over(), windows)))
                : null);
  }

  private static Query.Window whole(Expression.Over over, List<Query.NamedWindow> windows) {
    return switch (over) {
      case Expression.Over.Named(String name) -> whole(named(name, windows), windows);
      case Expression.Over.Inline(Query.Window window) -> whole(window, windows);
    };
  }

  /// A window that adds to another one has its partitions, and its order if it has none itself.
  private static Query.Window whole(Query.Window window, List<Query.NamedWindow> windows) {
    if (window.base() == null) {
      return window;
    }
    Query.Window base = whole(named(window.base(), windows), windows);
    return new Query.Window(
        window.span(),
        null,
        base.partitionBy(),
        window.orderBy().isEmpty() ? base.orderBy() : window.orderBy(),
        window.frame());
  }

  private static Query.Window named(String name, List<Query.NamedWindow> windows) {
    return windows.stream()
        .filter(w -> w.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new Declined("window " + name + " is not declared"))
        .window();
  }

  void compute() {
    grouped.replaceAll(this::correlated);
    List<Expression.Call> calls = calls();
    if (calls.isEmpty()) {
      return;
    }
    alias = binder.aliases.unique("w");
    calls.stream().flatMap(call -> partition(call).stream()).forEach(this::name);
    grouped.replaceAll(this::over);
    Relation relation = block.select(values);
    for (WindowLayer layer : WindowLayer.of(windows.values(), relation, binder)) {
      relation = layer.over(relation, binder.schema);
    }
    block.inputs.clear();
    block.inputs.add(new Input(alias, relation));
    block.conditions.clear();
  }

  /// An outer row has windows of its own.
  private Expression correlated(Expression expression) {
    return grouped.correlated.isEmpty()
        ? expression
        : Subexpressions.replace(
            expression,
            part ->
                part instanceof Expression.Call call
                        && call.over() instanceof Expression.Over.Inline(Query.Window window)
                    ? new Expression.Call(
                        call.span(),
                        call.function(),
                        call.arguments(),
                        call.aggregation(),
                        new Expression.Over.Inline(partitioned(window)))
                    : null);
  }

  private Query.Window partitioned(Query.Window window) {
    List<Expression> partition = new ArrayList<>(grouped.correlated);
    partition.addAll(window.partitionBy());
    return new Query.Window(
        window.span(), window.base(), partition, window.orderBy(), window.frame());
  }

  private List<Expression.Call> calls() {
    List<Expression.Call> calls = new ArrayList<>();
    Stream.concat(
            Stream.concat(grouped.items.values().stream(), grouped.keys.stream()),
            grouped.order.stream().map(Query.SortKey::value))
        .forEach(expression ->
            Subexpressions.anyMatch(
                expression,
                part -> {
                  if (part instanceof Expression.Call call && call.over() != null) {
                    calls.add(call);
                  }
                  return false;
                }));
    return calls;
  }

  private static List<Expression> partition(Expression.Call call) {
    if (call.over() instanceof Expression.Over.Inline(Query.Window window)) {
      return window.partitionBy();
    }
    throw new IllegalArgumentException("windows are written out");
  }

  private Expression over(Expression expression) {
    return Subexpressions.replace(
        expression,
        part ->
            switch (part) {
              case Expression.Call call when call.over() != null -> window(call);
              case Expression.Column column ->
                  block.usesOuter(column) ? column : Scope.column(alias, name(column));
              default -> null;
            });
  }

  private Expression window(Expression.Call call) {
    Output output =
        windows.computeIfAbsent(
            SqlPrinter.print(call),
            _ -> {
              block.requireOwn(call);
              Column column = new Column("freshet$w" + windows.size(), false);
              return new Output(column, overValues(call));
            });
    return Scope.column(alias, output.column().name());
  }

  private Expression overValues(Expression.Call call) {
    return Subexpressions.replace(
        call,
        part -> {
          String known = known(part);
          return known != null
              ? Scope.column("i", known)
              : part instanceof Expression.Column ? Scope.column("i", name(part)) : null;
        });
  }

  private @Nullable String known(Expression part) {
    String text = SqlPrinter.print(part);
    return values.entrySet().stream()
        .filter(entry -> SqlPrinter.print(entry.getValue()).equals(text))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  private String name(Expression value) {
    return Binder.nameOf(value, values);
  }
}
