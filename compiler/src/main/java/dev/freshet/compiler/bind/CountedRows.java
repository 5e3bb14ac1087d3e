package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operators;
import dev.freshet.compiler.sql.Phrase;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.TypeName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes one row of all rows of a scalar subquery that belong to an outer row: their value and how
/// many there are. Where there are several, the value raises the error that the subquery would, and
/// only where it is asked for: `(SELECT value FROM generate_series(1, rows))`.
final class CountedRows {
  private static final Span NOWHERE = new Span(0, 0);

  private final Binder binder;
  private final Block block;
  private final List<Correlation> correlations;
  private final Expression value;

  /// @param outer what is around the subquery
  CountedRows(Binder binder, Subquery subquery, Scope outer) {
    this.binder = binder;
    this.block = subquery.block();
    Expression item = subquery.values().getFirst();
    block.correlated.clear();
    block.correlated.addAll(subquery.correlated());
    Domain domain = Domain.of(binder, outer, block, List.of(item));
    this.value = domain.within(item);
    this.correlations = domain.correlations();
  }

  Subquery grouped() {
    Map<String, Expression> items = new LinkedHashMap<>();
    items.put("value", Operators.anyValue(value));
    items.put("rows", Operators.countRows());
    TypeName type = type();
    List<Expression> inner = correlations.stream().map(Correlation::inner).toList();
    Grouped grouped = new Grouped(binder, block, items, List.of(), List.of(), inner);
    grouped.group(List.of(), key -> key, null);
    Expression only =
        new Expression.Cast(NOWHERE, only(grouped.item("value"), grouped.item("rows")), type);
    return new Subquery(block, grouped.conditions(correlations), Map.of("value", only), Map.of());
  }

  /// An aggregate forgets the length of a text and the scale of a number.
  private TypeName type() {
    String query = RelationSql.query(block.select(Map.of("value", value)));
    return new TypeName(NOWHERE, binder.schema.describe(query).getFirst().type());
  }

  private static Expression only(Expression value, Expression rows) {
    return new Expression.Special(
        NOWHERE,
        new Phrase(
            NOWHERE,
            List.of(
                new Phrase.Piece.Word("(SELECT"),
                new Phrase.Piece.Value(value),
                new Phrase.Piece.Word("FROM generate_series(1,"),
                new Phrase.Piece.Value(rows),
                new Phrase.Piece.Word("))"))));
  }
}
