package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Computes the window functions of a select list in a relation of their own.
final class Windows {
  private final Binder binder;
  private final Block block;
  private final Grouped grouped;
  private final Map<String, Expression> values = new LinkedHashMap<>();
  private final Map<String, Output> outputs = new LinkedHashMap<>();
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
            part instanceof Expression.Call call
                    && call.over() instanceof Expression.Over.Named(String name)
                ? new Expression.Call(
                    call.span(),
                    call.function(),
                    call.arguments(),
                    call.aggregation(),
                    new Expression.Over.Inline(
                        windows.stream()
                            .filter(w -> w.name().equals(name))
                            .findFirst()
                            .orElseThrow(() -> new Declined("window " + name + " is not declared"))
                            .window()))
                : null);
  }

  void compute() {
    grouped.replaceAll(this::correlated);
    List<Expression.Call> calls = calls();
    if (calls.isEmpty()) {
      return;
    }
    alias = binder.aliases.unique("w");
    List<String> keys = new ArrayList<>();
    for (Expression key : commonKeys(calls)) {
      keys.add(Binder.nameOf(key, values));
    }
    grouped.replaceAll(this::over);
    for (String key : keys) {
      passThrough(key);
    }
    Window window = new Window(block.select(values), keys, List.copyOf(outputs.values()));
    block.inputs.clear();
    block.inputs.add(new Input(alias, window));
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

  /// What all windows partition by: rows that agree in it make a result of their own.
  private static List<Expression> commonKeys(List<Expression.Call> calls) {
    List<Expression> first = partition(calls.getFirst());
    Set<String> common =
        first.stream().map(SqlPrinter::print).collect(Collectors.toCollection(LinkedHashSet::new));
    calls.forEach(
        call -> common.retainAll(partition(call).stream().map(SqlPrinter::print).toList()));
    if (common.isEmpty()) {
      throw new Declined("windows without a common PARTITION BY: each row can change all others");
    }
    return first.stream().filter(key -> common.contains(SqlPrinter.print(key))).toList();
  }

  private static List<Expression> partition(Expression.Call call) {
    if (call.over() instanceof Expression.Over.Inline(Query.Window window)
        && window.base() == null) {
      return window.partitionBy();
    }
    throw new Declined("a window that adds to another one");
  }

  private Expression over(Expression expression) {
    return Subexpressions.replace(
        expression,
        part ->
            switch (part) {
              case Expression.Call call when call.over() != null -> window(call);
              case Expression.Column column ->
                  block.usesOuter(column) ? column : passThrough(Binder.nameOf(column, values));
              default -> null;
            });
  }

  private Expression window(Expression.Call call) {
    String text = SqlPrinter.print(call);
    Output known = outputs.get(text);
    if (known == null) {
      block.requireOwn(call);
      Expression value =
          Subexpressions.replace(
              call,
              part -> {
                String name = named(part);
                return name != null
                    ? Scope.column("i", name)
                    : part instanceof Expression.Column
                        ? Scope.column("i", Binder.nameOf(part, values))
                        : null;
              });
      known = new Output(new Column("freshet$w" + outputs.size(), false), value);
      outputs.put(text, known);
    }
    return Scope.column(alias, known.column().name());
  }

  private @Nullable String named(Expression part) {
    String text = SqlPrinter.print(part);
    return values.entrySet().stream()
        .filter(entry -> SqlPrinter.print(entry.getValue()).equals(text))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  private Expression passThrough(String name) {
    boolean notNull = block.notNull(Objects.requireNonNull(values.get(name)));
    outputs.putIfAbsent(
        "column " + name, new Output(new Column(name, notNull), Scope.column("i", name)));
    return Scope.column(alias, name);
  }
}
