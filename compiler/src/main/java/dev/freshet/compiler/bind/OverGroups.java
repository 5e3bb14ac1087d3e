package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.FromItem;
import dev.freshet.compiler.sql.Operators;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Query.Distinct;
import dev.freshet.compiler.sql.Query.SelectItem;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writes what is computed over groups as a query over a query for the groups, where it cannot be
/// computed with them: windows, DISTINCT and first rows of grouping sets look at the groups of all
/// sets together; a subquery sees the keys of its group, and is asked for the group of all rows
/// even if there are none, as a clock is.
///
/// Before: `SELECT k, (SELECT max(y) FROM u WHERE u.k = t.k), rank() OVER (ORDER BY sum(x)) FROM t
/// GROUP BY ROLLUP (k)`. After: `SELECT q.k, (SELECT max(y) FROM u WHERE u.k = t.k), rank() OVER
/// (ORDER BY q.c) FROM (SELECT k, sum(x) AS c FROM t GROUP BY ROLLUP (k)) q, LATERAL (SELECT q.k AS
/// k) t`.
final class OverGroups {
  private static final Span NOWHERE = new Span(0, 0);

  private final Query.Select select;
  private final Predicate<Expression> isAggregate;
  private final String alias;
  private final boolean sets;

  /// By text.
  private final Map<String, Expression> keys = new LinkedHashMap<>();

  private final Map<String, Expression> groups = new LinkedHashMap<>();

  private OverGroups(Query.Select select, Predicate<Expression> isAggregate, String alias) {
    this.select = select;
    this.isAggregate = isAggregate;
    this.alias = alias;
    this.sets = GroupingSets.has(select);
    if (sets) {
      GroupingSets.keys(select).forEach(key -> keys.put(SqlPrinter.print(key), key));
    }
  }

  /// Whether a query must be written so.
  ///
  /// @param inner whether it stands inside another one, whose columns it may use
  static boolean has(Query query, boolean inner, Predicate<Expression> isAggregate) {
    Query.Select select = (Query.Select) query.body();
    if (GroupingSets.has(select)) {
      return asks(select, isAggregate)
          || query.limit().count() != null
          || !(select.projection().distinct() instanceof Distinct.All)
          || select.projection().items().stream().anyMatch(item -> hasWindow(item.value()));
    }
    boolean having = select.grouping().having() != null;
    return isOfAllRows(select, isAggregate) && (asks(select, isAggregate) || (inner && having));
  }

  private static boolean isOfAllRows(Query.Select select, Predicate<Expression> isAggregate) {
    return select.grouping().elements().isEmpty()
        && (select.grouping().having() != null
            || values(select).anyMatch(value -> Subexpressions.anyMatch(value, isAggregate)));
  }

  /// Whether there is a subquery or a clock outside of aggregates.
  private static boolean asks(Query.Select select, Predicate<Expression> isAggregate) {
    return values(select).anyMatch(value -> asks(value, isAggregate));
  }

  private static boolean asks(Expression value, Predicate<Expression> isAggregate) {
    Expression beside =
        Subexpressions.replace(
            value, part -> isAggregate.test(part) ? Operators.constant(true) : null);
    return Where.asks(beside);
  }

  private static Stream<Expression> values(Query.Select select) {
    return Stream.concat(
        select.projection().items().stream().map(SelectItem::value),
        Stream.ofNullable(select.grouping().having()));
  }

  private static boolean hasWindow(Expression expression) {
    return Subexpressions.anyMatch(
        expression, part -> part instanceof Expression.Call call && call.over() != null);
  }

  /// @param alias of the groups, which occurs nowhere else
  static Query write(Query query, Predicate<Expression> isAggregate, String alias) {
    return new OverGroups((Query.Select) query.body(), isAggregate, alias).query(query);
  }

  private Query query(Query query) {
    List<SelectItem> items =
        select.projection().items().stream()
            .map(i -> new SelectItem(i.span(), over(i.value()), Binder.label(i)))
            .toList();
    Distinct distinct =
        select.projection().distinct() instanceof Distinct.DistinctOn(var on)
            ? new Distinct.DistinctOn(on.stream().map(this::over).toList())
            : select.projection().distinct();
    List<SortKey> order =
        query.orderBy().stream().map(key -> Subexpressions.replace(key, this::over)).toList();
    Expression having = select.grouping().having();
    Expression where = having != null && (!sets || asks(having, isAggregate)) ? over(having) : null;
    List<FromItem> from = asks(select, isAggregate) ? new ArrayList<>(ranges()) : new ArrayList<>();
    from.addFirst(derived(false, groups(where == null ? having : null), alias));
    Query.Select body =
        new Query.Select(
            select.span(),
            new Query.Projection(distinct, items),
            from,
            where,
            new Query.Grouping(List.of(), null),
            List.of());
    return new Query(query.span(), query.with(), body, order, query.limit());
  }

  /// The keys under the names by which subqueries call them.
  private List<FromItem> ranges() {
    Map<String, List<SelectItem>> ranges = new LinkedHashMap<>();
    for (Expression key : keys.values()) {
      if (key instanceof Expression.Column(var span, var path) && path.size() > 1) {
        ranges
            .computeIfAbsent(path.get(path.size() - 2), _ -> new ArrayList<>())
            .add(new SelectItem(NOWHERE, named(key), path.getLast()));
      }
    }
    return ranges.entrySet().stream()
        .<FromItem>map(
            range -> derived(true, Query.of(range.getValue(), List.of()), range.getKey()))
        .toList();
  }

  private static FromItem derived(boolean lateral, Query query, String name) {
    return new FromItem.Subquery(
        NOWHERE, lateral, query, new FromItem.Alias(name, List.of(), List.of()));
  }

  private Query groups(@Nullable Expression having) {
    if (groups.isEmpty()) {
      named(Operators.countRows());
    }
    List<SelectItem> items =
        groups.entrySet().stream()
            .map(group -> new SelectItem(NOWHERE, group.getValue(), group.getKey()))
            .toList();
    Query.Select body =
        new Query.Select(
            select.span(),
            new Query.Projection(new Distinct.All(), items),
            select.from(),
            select.where(),
            new Query.Grouping(select.grouping().elements(), having),
            List.of());
    return Query.of(body);
  }

  private Expression over(Expression expression) {
    return Subexpressions.replace(
        Windows.inline(expression, select.windows()), part -> isOfGroup(part) ? named(part) : null);
  }

  /// Whether the groups have it as a value of their own. The group of all rows has no columns: one
  /// that is used beside its aggregates comes from around the query.
  private boolean isOfGroup(Expression part) {
    return isAggregate.test(part)
        || (sets
            && (keys.containsKey(SqlPrinter.print(part))
                || isGrouping(part)
                || part instanceof Expression.Column));
  }

  private static boolean isGrouping(Expression part) {
    return part instanceof Expression.Construct construct
        && construct.keyword().equalsIgnoreCase("GROUPING");
  }

  private Expression named(Expression part) {
    return new Expression.Column(NOWHERE, List.of(alias, Binder.nameOf(part, groups)));
  }
}
