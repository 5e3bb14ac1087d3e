package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Top;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Query.Distinct;
import dev.freshet.compiler.sql.Query.SelectItem;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Binds one SELECT, clause by clause in the order in which they are computed.
///
/// A SELECT that outer columns correlate by equality computes its groups, windows and first rows
/// for every value of what is compared, and is joined by these values: `(SELECT max(x) FROM t WHERE
/// t.k = o.k)` becomes a join with `SELECT k, max(x) FROM t GROUP BY k`.
final class SelectBinder {
  private final Binder binder;
  private final Names names;
  private final @Nullable Scope outer;
  private final Query.Select select;
  private final List<SortKey> order;
  private final Optional<Top> limit;
  private final Block block;
  private final Where where;

  /// Whether rows are grouped even by nothing and without an aggregate.
  private boolean groups;

  /// @param outer what expressions can use besides the query's own FROM
  SelectBinder(
      Binder binder,
      Names names,
      @Nullable Scope outer,
      Query.Select select,
      List<SortKey> order,
      Optional<Top> limit) {
    this.binder = binder;
    this.names = names;
    this.outer = outer;
    this.select = select;
    this.order = order;
    this.limit = limit;
    this.block = new FromBinder(binder, names, outer).bind(select.from());
    this.where = new Where(binder, this.names, block);
  }

  /// One of the queries that grouping sets are written as.
  Subquery bindGroupingSet() {
    groups = true;
    return bind();
  }

  Subquery bind() {
    if (select.where() != null) {
      where.addAll(select.where());
    }
    expressions().forEach(where::attach);
    Map<String, Expression> items = new LinkedHashMap<>();
    select.projection().items().forEach(item -> items.put(name(item, items), value(item.value())));
    List<Expression> on =
        select.projection().distinct() instanceof Distinct.DistinctOn(var keys)
            ? keys.stream().map(this::value).toList()
            : List.of();
    List<SortKey> sorting =
        isSorted()
            ? order.stream().map(k -> Subexpressions.replace(k, this::value)).toList()
            : List.of();
    Selected selected = new Selected(items, on, sorting, null);
    if (!isGrouped(items.values())) {
      SelectedRows rows = new SelectedRows(binder);
      selected = selected.with(rows::value);
      rows.addTo(block);
    }
    block.liftCorrelated();
    if (outer != null) {
      Domain.settleRows(binder, outer, block);
    }
    requireShallow();
    if (isPlain(items.values())) {
      return new Subquery(block, List.copyOf(block.correlated), selected.items(), Map.of());
    }
    Expression having = select.grouping().having();
    return correlate(selected.with(having == null ? null : where.value(having)));
  }

  /// An aggregate of all rows has a value for an outer row to which no rows belong: what it says
  /// besides of the outer row is computed from that row.
  private Subquery correlate(Selected selected) {
    selected.parts(binder::isAggregate).forEach(this::requireOwnAggregate);
    boolean one =
        select.grouping().elements().isEmpty() && !selected.parts(binder::isAggregate).isEmpty();
    Predicate<Expression> ofRows = one ? binder::isAggregate : _ -> true;
    Domain domain = Domain.of(binder, outer, block, selected.parts(ofRows));
    return finish(selected.replaced(ofRows, domain::within), domain.correlations());
  }

  /// Everything in which a subquery can stand after WHERE.
  private Stream<Expression> expressions() {
    Stream<Expression> on =
        select.projection().distinct() instanceof Distinct.DistinctOn(var keys)
            ? keys.stream()
            : Stream.of();
    Stream<Expression> sorted = isSorted() ? order.stream().map(SortKey::value) : Stream.of();
    return Stream.of(
            select.projection().items().stream().map(SelectItem::value),
            Stream.ofNullable(select.grouping().having()),
            on,
            sorted)
        .flatMap(s -> s);
  }

  private boolean isSorted() {
    return limit.isPresent() || select.projection().distinct() instanceof Distinct.DistinctOn;
  }

  private Expression value(Expression expression) {
    return where.value(Windows.inline(expression, select.windows()));
  }

  private static String name(SelectItem item, Map<String, Expression> items) {
    return Aliases.unusedName(Binder.label(item), items.keySet());
  }

  private void requireOwnAggregate(Expression aggregate) {
    if (!References.columns(aggregate).isEmpty() && block.isOuter(aggregate)) {
      throw Declined.outerAggregate(aggregate);
    }
  }

  private void requireNoAggregate(Expression condition) {
    Subexpressions.anyMatch(
        condition,
        part -> {
          if (binder.isAggregate(part)) {
            throw Declined.outerAggregate(part);
          }
          return false;
        });
  }

  private void requireShallow() {
    block.conditions.forEach(this::requireNoAggregate);
    block.correlated.forEach(this::requireNoAggregate);
    if (block.inputs.stream()
        .anyMatch(input -> References.outerBeside(input.relation(), block.aliases()))) {
      throw new Declined("a subquery that uses outer columns deep inside");
    }
  }

  /// Whether it is FROM and WHERE with values of each row.
  private boolean isPlain(Collection<Expression> items) {
    return limit.isEmpty()
        && select.projection().distinct() instanceof Distinct.All
        && !isGrouped(items);
  }

  /// Whether its values are not those of single rows.
  private boolean isGrouped(Collection<Expression> items) {
    return groups
        || !select.grouping().elements().isEmpty()
        || select.grouping().having() != null
        || items.stream().anyMatch(item -> Subexpressions.anyMatch(item, this::isOfSeveral));
  }

  private boolean isOfSeveral(Expression part) {
    return binder.isAggregate(part)
        || (part instanceof Expression.Call call && call.over() != null);
  }

  private Subquery finish(Selected selected, List<Correlation> correlations) {
    List<Expression> correlated = correlations.stream().map(Correlation::inner).toList();
    Grouped grouped =
        new Grouped(binder, block, selected.items(), selected.on(), selected.order(), correlated);
    if (groups || grouped.isGrouped(select.grouping())) {
      grouped.group(select.grouping().elements(), where::value, selected.having());
    }
    if (grouped.isSingleRow() && !correlations.isEmpty()) {
      return singleRow(grouped, correlations);
    }
    block.conditions.forEach(block::requireOwn);
    new Windows(binder, block, grouped).compute();
    SelectedRows rows = new SelectedRows(binder);
    grouped.replaceAll(rows::value);
    rows.addTo(block);
    switch (select.projection().distinct()) {
      case Distinct.All() -> {}
      case Distinct.DistinctRows() -> distinct(grouped);
      case Distinct.DistinctOn on -> first(grouped, grouped.keys, Top.ONE);
    }
    limit.ifPresent(top -> first(grouped, List.of(), top));
    return new Subquery(block, grouped.conditions(correlations), grouped.items, Map.of());
  }

  /// An aggregate without GROUP BY: an outer row has its values even of no rows.
  private Subquery singleRow(Grouped grouped, List<Correlation> correlations) {
    boolean keepsIt = limit.isEmpty() || (limit.get().count() > 0 && limit.get().offset() == 0);
    if (select.grouping().having() != null || !keepsIt) {
      throw new Declined("HAVING or OFFSET in a correlated aggregate without GROUP BY");
    }
    Map<String, Expression> otherwise = new LinkedHashMap<>();
    grouped.items.keySet().forEach(name -> otherwise.put(name, grouped.overNothing(name)));
    return new Subquery(block, grouped.conditions(correlations), grouped.items, otherwise);
  }

  private void distinct(Grouped grouped) {
    Map<String, Expression> values = new LinkedHashMap<>(grouped.items);
    grouped.correlated.forEach(key -> Binder.nameOf(key, values));
    become(Binder.distinct(block.select(values)), values, grouped);
  }

  /// Keeps the first rows of each key. They may use an order that the select list does not show.
  private void first(Grouped grouped, List<Expression> keys, Top top) {
    Map<String, Expression> values = new LinkedHashMap<>(grouped.items);
    List<String> names =
        Stream.concat(grouped.correlated.stream(), keys.stream())
            .map(key -> Binder.nameOf(key, values))
            .distinct()
            .toList();
    List<SortKey> sorting =
        grouped.order.stream()
            .map(key ->
                Subexpressions.replace(key, e -> Scope.column("i", Binder.nameOf(e, values))))
            .toList();
    become(new First(block.select(values), names, sorting, top), values, grouped);
  }

  /// From now on the block is this relation, which computes these values.
  private void become(Relation relation, Map<String, Expression> values, Grouped grouped) {
    values.values().forEach(block::requireOwn);
    Map<String, String> columns = new LinkedHashMap<>();
    values.forEach((name, value) -> columns.putIfAbsent(SqlPrinter.print(value), name));
    Input input = new Input(binder.aliases.unique("d"), relation);
    block.replaceWith(input, columns);
    UnaryOperator<Expression> now = value -> Block.renamed(value, input.alias(), columns);
    grouped.replaceAll(now);
  }
}
