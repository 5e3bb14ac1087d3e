package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.FromItem;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Query.Distinct;
import dev.freshet.compiler.sql.Query.SelectItem;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Writes windows, DISTINCT and the first rows of grouping sets as a query over all groups, since
/// they look at the groups of all sets together.
///
/// Before: `SELECT k, rank() OVER (PARTITION BY grouping(k) ORDER BY sum(x)) FROM t GROUP BY ROLLUP
/// (k)`. After: `SELECT q.k, rank() OVER (PARTITION BY q.c ORDER BY q.c_1) FROM (SELECT k,
/// grouping(k) AS c, sum(x) AS c_1 FROM t GROUP BY ROLLUP (k)) q`.
final class OverSets {
  private static final Span NOWHERE = new Span(0, 0);

  private final Query.Select select;
  private final Predicate<Expression> isAggregate;
  private final String alias;
  private final Set<String> keys = new HashSet<>();
  private final Map<String, Expression> groups = new LinkedHashMap<>();

  private OverSets(Query.Select select, Predicate<Expression> isAggregate, String alias) {
    this.select = select;
    this.isAggregate = isAggregate;
    this.alias = alias;
    GroupingSets.keys(select).forEach(key -> keys.add(SqlPrinter.print(key)));
  }

  /// Whether a query with grouping sets computes anything over its groups.
  static boolean has(Query query, Query.Select select) {
    return query.limit().count() != null
        || !(select.projection().distinct() instanceof Distinct.All)
        || select.projection().items().stream().anyMatch(item -> hasWindow(item.value()));
  }

  private static boolean hasWindow(Expression expression) {
    return Subexpressions.anyMatch(
        expression, part -> part instanceof Expression.Call call && call.over() != null);
  }

  /// @param alias of the groups, which occurs nowhere else
  static Query write(
      Query query, Query.Select select, Predicate<Expression> isAggregate, String alias) {
    return new OverSets(select, isAggregate, alias).query(query);
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
    FromItem rows =
        new FromItem.Subquery(
            NOWHERE, false, groups(), new FromItem.Alias(alias, List.of(), List.of()));
    Query.Select body =
        new Query.Select(
            select.span(),
            new Query.Projection(distinct, items),
            List.of(rows),
            null,
            new Query.Grouping(List.of(), null),
            List.of());
    return new Query(query.span(), Query.With.NONE, body, order, query.limit());
  }

  private Query groups() {
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
            select.grouping(),
            List.of());
    return Query.of(body);
  }

  private Expression over(Expression expression) {
    return Subexpressions.replace(
        Windows.inline(expression, select.windows()), part -> isOfGroup(part) ? named(part) : null);
  }

  /// Whether the groups have it as a value of their own.
  private boolean isOfGroup(Expression part) {
    return keys.contains(SqlPrinter.print(part))
        || isAggregate.test(part)
        || isGrouping(part)
        || part instanceof Expression.Column
        || part instanceof Expression.Scalar
        || Quantified.of(part).isPresent();
  }

  private static boolean isGrouping(Expression part) {
    return part instanceof Expression.Construct construct
        && construct.keyword().equalsIgnoreCase("GROUPING");
  }

  private Expression named(Expression part) {
    return new Expression.Column(NOWHERE, List.of(alias, Binder.nameOf(part, groups)));
  }
}
