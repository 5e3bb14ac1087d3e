package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.FromItem;
import dev.freshet.compiler.sql.Operators;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Query.Projection;
import dev.freshet.compiler.sql.Query.SelectItem;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes an array of the rows of a subquery as an aggregate.
///
/// Before: `ARRAY(SELECT x FROM t ORDER BY y)`. After: `coalesce((SELECT array_agg(q.v ORDER BY
/// q.k1) FROM (SELECT x, y FROM t ORDER BY y) q (v, k1)), '{}')`.
final class ArrayQuery {
  private static final Span NOWHERE = new Span(0, 0);
  private static final String ROWS = "elements";
  private static final String VALUE = "v";

  private final Query query;

  /// What the rows are sorted by, besides their value.
  private final Map<String, SelectItem> keys = new LinkedHashMap<>();

  private ArrayQuery(Query query) {
    this.query = query;
  }

  static Expression asAggregate(Query query) {
    return new ArrayQuery(query).aggregate();
  }

  private Expression aggregate() {
    List<SortKey> order =
        query.orderBy().stream().map(key -> Subexpressions.replace(key, this::sorted)).toList();
    List<String> columns = new ArrayList<>(List.of(VALUE));
    columns.addAll(keys.keySet());
    FromItem rows =
        new FromItem.Subquery(
            NOWHERE, false, withKeys(), new FromItem.Alias(ROWS, columns, List.of()));
    Expression collected = Operators.arrayOf(column(VALUE), order);
    Query all = Query.of(List.of(new SelectItem(NOWHERE, collected, null)), List.of(rows));
    return new Expression.Construct(
        NOWHERE,
        "COALESCE",
        List.of(
            new Expression.Scalar(NOWHERE, all),
            new Expression.Constant(NOWHERE, Expression.ConstantKind.STRING, "'{}'")));
  }

  /// Only a SELECT can be sorted by more than what it returns.
  private Expression sorted(Expression key) {
    if (!(query.body() instanceof Query.Select select)
        || SqlPrinter.print(select.projection().items().getFirst().value())
            .equals(SqlPrinter.print(key))) {
      return column(VALUE);
    }
    String name = "k" + (keys.size() + 1);
    keys.put(name, new SelectItem(NOWHERE, key, name));
    return column(name);
  }

  private Query withKeys() {
    if (!(query.body() instanceof Query.Select select) || keys.isEmpty()) {
      return query;
    }
    List<SelectItem> items = new ArrayList<>(select.projection().items());
    items.addAll(keys.values());
    Query.Select body =
        new Query.Select(
            select.span(),
            new Projection(select.projection().distinct(), items),
            select.from(),
            select.where(),
            select.grouping(),
            select.windows());
    return new Query(query.span(), query.with(), body, query.orderBy(), query.limit());
  }

  private static Expression column(String name) {
    return new Expression.Column(NOWHERE, List.of(ROWS, name));
  }
}
