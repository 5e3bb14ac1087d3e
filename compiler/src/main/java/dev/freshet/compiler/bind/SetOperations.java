package dev.freshet.compiler.bind;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Combine;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Query.SetOperator;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Binds UNION, INTERSECT and EXCEPT. Where their queries use columns from around them, the rows
/// are combined for all outer rows at once: with the columns by which they belong to an outer row.
///
/// Before: `(SELECT x FROM t WHERE t.k = o.k UNION SELECT y FROM u WHERE u.k = o.k)`. After:
/// `(SELECT x, k FROM t UNION SELECT y, k FROM u) s` with `s.k = o.k`.
final class SetOperations {
  private final Binder binder;
  private final @Nullable Scope outer;

  SetOperations(Binder binder, @Nullable Scope outer) {
    this.binder = binder;
    this.outer = outer;
  }

  Subquery combine(Query.SetOperation operation, Subquery left, Subquery right) {
    if (left.standsAlone() && right.standsAlone()) {
      return Subquery.of(relation(operation, left.relation(), right.relation()), binder.aliases);
    }
    List<Side> sides = sides(left, right);
    Relation all = relation(operation, sides.getFirst().rows(), sides.getLast().rows());
    return correlated(all, sides);
  }

  private static Relation relation(Query.SetOperation operation, Relation left, Relation right) {
    if (operation.operator() != SetOperator.UNION) {
      return new Combine(operation.operator(), operation.all(), List.of(left, right));
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < left.columns().size(); i++) {
      Column column = left.columns().get(i);
      columns.add(new Column(column.name(), column.notNull() && right.columns().get(i).notNull()));
    }
    Union union = new Union(List.of(left, right), columns);
    return operation.all() ? union : Binder.distinct(union);
  }

  /// The rows of one query.
  ///
  /// @param items how many of their columns are its own; the others say to which outer row they
  ///   belong, as the correlations do
  private record Side(Select rows, int items, List<Correlation> correlations) {}

  private List<Side> sides(Subquery left, Subquery right) {
    List<Correlation> equal = equalities(left);
    List<Correlation> same = equalities(right);
    if (!equal.isEmpty() && outerSides(equal).equals(outerSides(same))) {
      List<Side> sides = List.of(side(left, equal), side(right, same));
      if (types(sides.getFirst()).equals(types(sides.getLast()))) {
        return sides;
      }
    }
    Set<Expression.Column> columns = new LinkedHashSet<>(outerColumns(left));
    columns.addAll(outerColumns(right));
    return List.of(spread(left, columns), spread(right, columns));
  }

  /// By what the rows belong to outer rows; empty if not by equalities alone.
  private static List<Correlation> equalities(Subquery query) {
    List<Correlation> equal =
        query.correlated().stream()
            .flatMap(c -> Correlation.of(c, query.block()).stream())
            .toList();
    boolean only =
        equal.size() == query.correlated().size()
            && query.values().stream().noneMatch(query.block()::usesOuter);
    return only ? equal : List.of();
  }

  private static List<String> outerSides(List<Correlation> correlations) {
    return correlations.stream()
        .map(
            c -> c.operator().sql() + (c.nulls() ? " or NULL " : " ") + SqlPrinter.print(c.outer()))
        .toList();
  }

  private static Side side(Subquery query, List<Correlation> correlations) {
    Map<String, Expression> values = new LinkedHashMap<>(query.items());
    for (Correlation correlation : correlations) {
      values.put(Aliases.unusedName("k", values.keySet()), correlation.inner());
    }
    return new Side(query.block().select(values), query.items().size(), correlations);
  }

  private List<String> types(Side side) {
    List<ColumnType> types = binder.schema.describe(RelationSql.query(side.rows()));
    return types.stream().skip(side.items()).map(t -> t.type() + t.collation()).toList();
  }

  private static List<Expression.Column> outerColumns(Subquery query) {
    List<Expression> used = new ArrayList<>(query.correlated());
    used.addAll(query.values());
    return Domain.outerColumns(query.block(), used);
  }

  /// The rows for each of the values that occur in the outer columns.
  private Side spread(Subquery query, Set<Expression.Column> columns) {
    Block block = query.block();
    block.correlated.clear();
    block.correlated.addAll(query.correlated());
    Domain domain = Domain.within(binder, Objects.requireNonNull(outer), block, columns);
    Map<String, Expression> items = new LinkedHashMap<>(query.items());
    items.replaceAll((name, value) -> domain.within(value));
    List<Correlation> sameOrder =
        domain.correlations().stream()
            .sorted(Comparator.comparing(c -> SqlPrinter.print(c.outer())))
            .toList();
    return side(new Subquery(block, List.of(), items, Map.of()), sameOrder);
  }

  private Subquery correlated(Relation all, List<Side> sides) {
    Side first = sides.getFirst();
    Block block = new Block(new Scope(null));
    Input input = new Input(binder.aliases.unique("s"), all);
    block.inputs.add(input);
    Map<String, Expression> items = new LinkedHashMap<>();
    List<Expression> conditions = new ArrayList<>();
    for (int i = 0; i < all.columns().size(); i++) {
      String name = all.columns().get(i).name();
      Expression value = Scope.column(input.alias(), name);
      if (i < first.items()) {
        items.put(name, value);
      } else {
        int key = i - first.items();
        conditions.add(
            first
                .correlations()
                .get(key)
                .orNulls(sides.getLast().correlations().get(key).nulls())
                .condition(value));
      }
    }
    return new Subquery(block, conditions, items, Map.of());
  }
}
