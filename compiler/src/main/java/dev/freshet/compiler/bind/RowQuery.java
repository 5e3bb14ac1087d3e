package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Phrase;
import dev.freshet.compiler.sql.Phrase.Piece;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.QueryExpressions;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A subquery that reads no table: it follows from the row around it, and stays as written.
///
/// Before: `EXISTS (SELECT FROM unnest(t.tags) g WHERE g LIKE 's%')`. After: `(SELECT EXISTS
/// (SELECT FROM unnest(r.c1) g WHERE g LIKE 's%') FROM (SELECT t.tags AS c1) r)`, so that no name
/// within can be meant by what `t.tags` becomes.
final class RowQuery {
  private static final Span NOWHERE = new Span(0, 0);
  private static final String ROW = "freshet$row";

  private final Set<String> own;
  private final Predicate<Expression> isAggregate;
  private final Consumer<Expression> check;
  private final Function<Expression, @Nullable Expression> resolve;
  private final List<Expression> outer = new ArrayList<>();

  private RowQuery(
      Query query,
      Predicate<Expression> isAggregate,
      Consumer<Expression> check,
      Function<Expression, @Nullable Expression> resolve) {
    this.own = QueryExpressions.aliases(query);
    this.isAggregate = isAggregate;
    this.check = check;
    this.resolve = resolve;
  }

  /// Whether an expression asks such a subquery at its root.
  static boolean is(Expression part) {
    return query(part).filter(query -> !QueryExpressions.readsTable(query)).isPresent();
  }

  private static Optional<Query> query(Expression part) {
    return switch (part) {
      case Expression.Exists exists -> Optional.of(exists.query());
      case Expression.Scalar scalar -> Optional.of(scalar.query());
      case Expression.ArrayOfQuery array -> Optional.of(array.query());
      case Expression.InQuery in -> Optional.of(in.query());
      case Expression.Infix infix
          when infix.right()
              instanceof Expression.ElementsOfQuery(var span, var all, Query query) ->
          Optional.of(query);
      default -> Optional.empty();
    };
  }

  /// The expression over resolved columns.
  ///
  /// @param check what all parts must pass
  /// @param resolve what a name or a clock has become; null for anything else
  static Expression resolve(
      Expression part,
      Predicate<Expression> isAggregate,
      Consumer<Expression> check,
      Function<Expression, @Nullable Expression> resolve) {
    return new RowQuery(query(part).orElseThrow(), isAggregate, check, resolve).written(part);
  }

  private Expression written(Expression part) {
    String text = SqlPrinter.print(QueryExpressions.replace(part, this::within));
    List<Piece> pieces = new ArrayList<>();
    pieces.add(new Piece.Word("(SELECT " + text + " FROM (SELECT"));
    for (int i = 0; i < outer.size(); i++) {
      pieces.add(new Piece.Value(outer.get(i)));
      pieces.add(new Piece.Word("AS " + column(i) + (i + 1 < outer.size() ? "," : "")));
    }
    pieces.add(new Piece.Word(") AS " + Quote.name(ROW) + ")"));
    return new Expression.Special(NOWHERE, new Phrase(NOWHERE, pieces));
  }

  private static String column(int number) {
    return "c" + (number + 1);
  }

  /// What a part becomes within the subquery; null if it stays.
  private @Nullable Expression within(Expression part) {
    check.accept(part);
    if (isAggregate.test(part) && isOuter(part)) {
      throw Declined.outerAggregate(part);
    }
    if (part instanceof Expression.Column column && isOwn(column)) {
      return part;
    }
    if (is(part)) {
      return null;
    }
    Expression resolved = resolve.apply(part);
    if (resolved == null) {
      return null;
    }
    outer.add(resolved);
    return new Expression.Column(NOWHERE, List.of(ROW, column(outer.size() - 1)));
  }

  private boolean isOuter(Expression aggregate) {
    List<Expression.Column> columns = References.columns(aggregate);
    return !columns.isEmpty() && columns.stream().noneMatch(this::isOwn);
  }

  private boolean isOwn(Expression.Column column) {
    int size = column.path().size();
    return size > 1 && own.contains(column.path().get(size - 2));
  }
}
