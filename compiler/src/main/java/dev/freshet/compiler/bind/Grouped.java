package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operators;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Query.GroupingElement;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The select list of a query while its rows are grouped. Afterwards its expressions speak of the
/// groups.
final class Grouped {
  private static final Set<String> COUNT_NOTHING =
      Set.of("regr_count", "rank", "dense_rank", "percent_rank", "cume_dist");

  private final Binder binder;
  private final Block block;
  final Map<String, Expression> items;
  List<Expression> keys;
  List<SortKey> order;

  /// What makes rows belong to an outer row: they are grouped by it besides.
  List<Expression> correlated;

  /// What is computed for each row before rows are grouped.
  private final Map<String, Expression> values = new LinkedHashMap<>();

  private final Map<String, String> keyNames = new LinkedHashMap<>();
  private final Map<String, Output> aggregates = new LinkedHashMap<>();
  private String alias = "";
  private boolean singleRow;

  Grouped(
      Binder binder,
      Block block,
      Map<String, Expression> items,
      List<Expression> keys,
      List<SortKey> order,
      List<Expression> correlated) {
    this.binder = binder;
    this.block = block;
    this.items = new LinkedHashMap<>(items);
    this.keys = keys;
    this.order = order;
    this.correlated = correlated;
  }

  /// Every expression becomes another one.
  void replaceAll(UnaryOperator<Expression> replacement) {
    items.replaceAll((name, value) -> replacement.apply(value));
    keys = keys.stream().map(replacement).toList();
    order = order.stream().map(key -> Subexpressions.replace(key, replacement)).toList();
    correlated = correlated.stream().map(replacement).toList();
  }

  /// By what rows belong to an outer row, over what they have become.
  List<Expression> conditions(List<Correlation> correlations) {
    return IntStream.range(0, correlations.size())
        .mapToObj(i -> correlations.get(i).condition(correlated.get(i)))
        .toList();
  }

  /// Whether it aggregates all rows, so that it has one row even of none.
  boolean isSingleRow() {
    return singleRow;
  }

  Expression item(String name) {
    return Objects.requireNonNull(items.get(name));
  }

  /// The value of an item where there are no rows to aggregate and every column is NULL.
  Expression overNothing(String name) {
    aggregates.values().stream()
        .filter(output -> !output.column().notNull())
        .map(Output::value)
        .filter(value -> !isNullOverNothing(value))
        .findFirst()
        .ifPresent(value -> {
          throw new Declined(
              "a correlated aggregate that may be more than NULL without rows: "
                  + SqlPrinter.print(value));
        });
    return Subexpressions.replace(
        item(name),
        part ->
            part instanceof Expression.Column column
                    && column.path().getFirst().equals(alias)
                    && isCount(column.path().getLast())
                ? Operators.orZero(part)
                : null);
  }

  private static boolean isNullOverNothing(Expression value) {
    return value instanceof Expression.Call call
        && call.function().isBuiltIn()
        && !COUNT_NOTHING.contains(call.function().name());
  }

  private boolean isCount(String name) {
    return aggregates.values().stream()
        .anyMatch(output -> output.column().name().equals(name) && output.column().notNull());
  }

  /// Whether a query groups its rows.
  boolean isGrouped(Query.Grouping grouping) {
    return !grouping.elements().isEmpty()
        || grouping.having() != null
        || expressions().anyMatch(e -> Subexpressions.anyMatch(e, binder::isAggregate));
  }

  void group(
      List<GroupingElement> elements,
      UnaryOperator<Expression> resolve,
      @Nullable Expression having) {
    List<Expression> groupKeys = new ArrayList<>();
    for (GroupingElement element : elements) {
      if (!(element instanceof GroupingElement.Plain(Expression value))) {
        throw new Declined("grouping sets");
      }
      groupKeys.add(resolve.apply(value));
    }
    singleRow = elements.isEmpty();
    groupKeys.addAll(correlated);
    groupBy(groupKeys, having);
  }

  private Stream<Expression> expressions() {
    return Stream.of(items.values().stream(), keys.stream(), order.stream().map(SortKey::value))
        .flatMap(s -> s);
  }

  private void groupBy(List<Expression> groupKeys, @Nullable Expression having) {
    alias = binder.aliases.unique("g");
    groupKeys.forEach(block::requireOwn);
    groupKeys.forEach(
        key -> keyNames.computeIfAbsent(SqlPrinter.print(key), _ -> Binder.nameOf(key, values)));
    replaceAll(this::over);
    List<Expression> conditions =
        having == null ? List.of() : Block.conjuncts(having).stream().map(this::over).toList();
    Aggregate aggregate = aggregate();
    block.inputs.clear();
    block.inputs.add(new Input(alias, aggregate));
    block.conditions.clear();
    block.conditions.addAll(conditions);
  }

  private Aggregate aggregate() {
    List<Output> outputs = new ArrayList<>();
    for (String name : keyNames.values()) {
      boolean notNull = block.notNull(Objects.requireNonNull(values.get(name)));
      outputs.add(new Output(new Column(name, notNull), Scope.column("i", name)));
    }
    outputs.addAll(aggregates.values());
    if (outputs.isEmpty()) {
      outputs.add(new Output(new Column("count", true), Operators.countRows()));
    }
    return new Aggregate(block.select(values), List.copyOf(keyNames.values()), outputs);
  }

  /// What an expression over rows becomes over groups. A column that is no key follows from one.
  private Expression over(Expression expression) {
    return Subexpressions.replace(
        expression,
        part -> {
          String text = SqlPrinter.print(part);
          String key = keyNames.get(text);
          if (key != null) {
            return Scope.column(alias, key);
          }
          if (binder.isAggregate(part)) {
            return Scope.column(alias, aggregate((Expression.Call) part, text));
          }
          if (part instanceof Expression.Column && !fromGroups(part) && !block.usesOuter(part)) {
            String name = valueName(part);
            keyNames.put(text, name);
            return Scope.column(alias, name);
          }
          return part instanceof Expression.Column ? part : null;
        });
  }

  /// As [Binder#nameOf], but no name of an aggregate.
  private String valueName(Expression value) {
    Map<String, Expression> taken = new LinkedHashMap<>(values);
    aggregates
        .values()
        .forEach(output -> taken.putIfAbsent(output.column().name(), output.value()));
    String name = Binder.nameOf(value, taken);
    values.putIfAbsent(name, value);
    return name;
  }

  private boolean fromGroups(Expression part) {
    return part instanceof Expression.Column column && column.path().getFirst().equals(alias);
  }

  private String aggregate(Expression.Call call, String text) {
    Output known = aggregates.get(text);
    if (known != null) {
      return known.column().name();
    }
    block.requireOwn(call);
    List<String> used =
        Stream.concat(
                values.keySet().stream(),
                aggregates.values().stream().map(output -> output.column().name()))
            .toList();
    String name = Aliases.unusedName(call.function().name(), used);
    boolean count = call.function().isBuiltIn() && call.function().name().equals("count");
    Expression guarded = Guarded.call(call);
    Expression value =
        Subexpressions.replace(guarded, part -> part.equals(guarded) ? null : argument(part));
    aggregates.put(text, new Output(new Column(name, count), value));
    return name;
  }

  /// Arguments are computed before rows are grouped, except constants, whose place can matter.
  private @Nullable Expression argument(Expression part) {
    boolean usesRows = Subexpressions.anyMatch(part, p -> p instanceof Expression.Column);
    return usesRows ? Scope.column("i", valueName(part)) : part;
  }
}
