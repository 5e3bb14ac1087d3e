package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.FromItem;
import dev.freshet.compiler.sql.Phrase;
import dev.freshet.compiler.sql.Phrase.Piece;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// `LATERAL (VALUES ('first', t.a), ('second', t.b))`: rows that follow from the row before them,
/// as those of a function do.
final class ValuesOfRow {
  private static final Span NOWHERE = new Span(0, 0);

  private ValuesOfRow() {}

  static boolean is(FromItem.Subquery item) {
    return item.lateral()
        && item.query().with().tables().isEmpty()
        && item.query().orderBy().isEmpty()
        && item.query().limit().equals(Query.Limit.NONE)
        && item.query().body() instanceof Query.Values values
        && values.rows().stream()
            .flatMap(List::stream)
            .anyMatch(value -> !References.columns(value).isEmpty());
  }

  static FromItem.Functions asFunction(FromItem.Subquery item) {
    Query.Values values = (Query.Values) item.query().body();
    List<Piece> pieces = new ArrayList<>(List.of(new Piece.Word("(VALUES")));
    for (List<Expression> row : values.rows()) {
      pieces.add(new Piece.Word(pieces.size() == 1 ? "(" : ", ("));
      for (int i = 0; i < row.size(); i++) {
        pieces.add(new Piece.Value(row.get(i)));
        pieces.add(new Piece.Word(i + 1 < row.size() ? "," : ")"));
      }
    }
    pieces.add(new Piece.Word(")"));
    Expression rows = new Expression.Special(NOWHERE, new Phrase(NOWHERE, pieces));
    List<String> columns =
        IntStream.rangeClosed(1, values.rows().getFirst().size())
            .mapToObj(i -> "column" + i)
            .toList();
    FromItem.Alias alias = item.alias();
    List<String> named =
        alias == null || alias.columns().size() < columns.size() ? columns : alias.columns();
    return new FromItem.Functions(
        item.span(),
        true,
        false,
        List.of(new FromItem.Function(rows, List.of())),
        false,
        new FromItem.Alias(FromBinder.nameOf(item), named, List.of()));
  }
}
