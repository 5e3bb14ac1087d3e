package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.Keys;
import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.Top;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operators;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A query inside another one, as rows that can be joined with those around it.
///
/// @param block its rows
/// @param correlated conditions with outer columns: which of the rows belong to an outer row
/// @param items the values of its select list by name; they may use outer columns
/// @param otherwise the values for an outer row to which no rows belong, if it has a row even then;
///   otherwise empty
record Subquery(
    Block block,
    List<Expression> correlated,
    Map<String, Expression> items,
    Map<String, Expression> otherwise) {

  /// All rows of a relation.
  static Subquery of(Relation relation, Aliases aliases) {
    Block block = new Block(new Scope(null));
    Input input = new Input(aliases.unique("s"), relation);
    block.inputs.add(input);
    Map<String, Expression> items = new LinkedHashMap<>();
    relation
        .columns()
        .forEach(column -> items.put(column.name(), Scope.column(input.alias(), column.name())));
    return new Subquery(block, List.of(), items, Map.of());
  }

  /// Whether it has the same rows whatever is around it.
  boolean standsAlone() {
    return correlated.isEmpty() && items.values().stream().noneMatch(block::usesOuter);
  }

  /// The query where nothing is around it.
  Relation relation() {
    if (!standsAlone()) {
      throw new Declined("a subquery that uses outer columns deep inside");
    }
    return isOneKeyed() ? block.onlyInput().relation() : block.select(items);
  }

  private boolean isOneKeyed() {
    return block.conditions.isEmpty()
        && block.inputs.size() == 1
        && block.onlyInput().relation() instanceof Keyed keyed
        && List.copyOf(items.keySet()).equals(keyed.columns().stream().map(Column::name).toList())
        && items.entrySet().stream()
            .allMatch(item ->
                item.getValue().equals(Scope.column(block.onlyInput().alias(), item.getKey())));
  }

  /// The same rows with their items computed, so that these are NULL where an outer join finds no
  /// row.
  Subquery computed(Aliases aliases) {
    Map<String, Expression> values = new LinkedHashMap<>();
    items.forEach((name, value) -> {
      if (!block.usesOuter(value)) {
        values.put(name, value);
      }
    });
    String found = Aliases.unusedName("found", items.keySet());
    values.put(found, Match.FOUND);
    String alias = aliases.unique("s");
    UnaryOperator<Expression> now = value -> over(value, alias, values);
    Map<String, Expression> computed = new LinkedHashMap<>();
    items.forEach((name, value) ->
        computed.put(
            name,
            block.usesOuter(value)
                ? Operators.onlyIf(Scope.column(alias, found), now.apply(value))
                : Scope.column(alias, name)));
    List<Expression> conditions = correlated.stream().map(now).toList();
    Block rows = new Block(new Scope(null));
    rows.inputs.add(new Input(alias, block.select(values)));
    return new Subquery(rows, conditions, computed, otherwise);
  }

  private Expression over(Expression expression, String alias, Map<String, Expression> values) {
    return Subexpressions.replace(
        expression,
        part ->
            part instanceof Expression.Column && !block.usesOuter(part)
                ? Scope.column(alias, Binder.nameOf(part, values))
                : null);
  }

  /// The first rows that belong to each outer row.
  ///
  /// @param order of the columns by their numbers or names
  Subquery first(List<SortKey> order, Top top, Aliases aliases) {
    if (standsAlone()) {
      return of(Limits.first(relation(), List.of(), order, top), aliases);
    }
    if (correlated.stream().anyMatch(c -> Correlation.of(c, block).isEmpty())) {
      throw new Declined("LIMIT of a set operation that uses outer columns deep inside");
    }
    Subquery rows = computed(aliases);
    Input input = rows.block.onlyInput();
    List<String> keys =
        rows.correlated.stream()
            .flatMap(c -> References.columns(c).stream())
            .filter(c -> !rows.block.usesOuter(c))
            .map(c -> c.path().getLast())
            .distinct()
            .toList();
    Block first = new Block(new Scope(null));
    first.inputs.add(new Input(input.alias(), Limits.first(input.relation(), keys, order, top)));
    return new Subquery(first, rows.correlated, rows.items, rows.otherwise);
  }

  List<Expression> values() {
    return List.copyOf(items.values());
  }

  /// Whether it has one row, whatever the data.
  boolean hasOneRow() {
    return correlated.isEmpty()
        && block.conditions.isEmpty()
        && block.inputs.size() == 1
        && block.onlyInput().relation() instanceof Aggregate aggregate
        && aggregate.keys().isEmpty();
  }

  /// Whether keys of tables make sure that no two of its rows belong to the same outer row. It must
  /// be [#computed].
  boolean hasOneRowAtMost() {
    Set<String> given = correlated.stream().flatMap(this::given).collect(Collectors.toSet());
    return Keys.isKey(block.onlyInput().relation(), given);
  }

  /// The columns to which a condition gives the value of an outer row.
  private Stream<String> given(Expression condition) {
    Expression.Infix equality = Correlation.equality(condition).orElse(null);
    if (equality == null) {
      return Stream.of();
    }
    Expression l = equality.left();
    Expression r = equality.right();
    return Stream.of(l, r)
        .filter(side -> side instanceof Expression.Column && !block.usesOuter(side))
        .filter(side -> block.isOuter(side.equals(l) ? r : l))
        .map(side -> ((Expression.Column) side).path().getLast());
  }

  /// Whether an outer row has exactly one row of it, even if no rows belong to it.
  boolean isSingleRow() {
    return !otherwise.isEmpty();
  }
}
