package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.FromItem;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Query.Distinct;
import dev.freshet.compiler.sql.Query.SelectItem;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.List;

/// Writes the table before every column of a query that reads only one, so that a column has the
/// same text wherever it stands. PostgreSQL leaves the table out, but not in ORDER BY where the
/// result has another column of that name.
final class QualifiedColumns {
  private final String table;

  private QualifiedColumns(String table) {
    this.table = table;
  }

  /// The query itself where PostgreSQL has written the tables.
  static Query of(Query query, Query.Select select) {
    return select.from().size() == 1 && !name(select.from().getFirst()).isEmpty()
        ? new QualifiedColumns(name(select.from().getFirst())).query(query, select)
        : query;
  }

  private static String name(FromItem item) {
    return switch (item) {
      case FromItem.TableRef table -> FromBinder.alias(table);
      case FromItem.Subquery subquery -> FromBinder.nameOf(subquery);
      case FromItem.Functions functions -> "";
      case FromItem.Join join -> "";
      case FromItem.AliasedJoin join -> "";
    };
  }

  private Query query(Query query, Query.Select select) {
    Distinct distinct =
        select.projection().distinct() instanceof Distinct.DistinctOn(var keys)
            ? new Distinct.DistinctOn(keys.stream().map(this::qualified).toList())
            : select.projection().distinct();
    List<SelectItem> items =
        select.projection().items().stream()
            .map(i -> new SelectItem(i.span(), qualified(i.value()), Binder.label(i)))
            .toList();
    Expression having = select.grouping().having();
    Query.Select body =
        new Query.Select(
            select.span(),
            new Query.Projection(distinct, items),
            select.from(),
            select.where(),
            new Query.Grouping(
                select.grouping().elements().stream()
                    .map(element -> Subexpressions.replace(element, this::qualified))
                    .toList(),
                having == null ? null : qualified(having)),
            select.windows().stream()
                .map(window -> Subexpressions.replace(window, this::qualified))
                .toList());
    List<SortKey> order =
        query.orderBy().stream().map(key -> Subexpressions.replace(key, this::qualified)).toList();
    return new Query(query.span(), query.with(), body, order, query.limit());
  }

  private Expression qualified(Expression expression) {
    return Subexpressions.replace(
        expression,
        part ->
            part instanceof Expression.Column(var span, var path) && path.size() == 1
                ? new Expression.Column(span, List.of(table, path.getFirst()))
                : null);
  }
}
