package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operators;
import dev.freshet.compiler.sql.Span;
import java.util.List;
import java.util.stream.IntStream;

/// Finds the whole partitions of windows in which rows of some keys stand.
///
/// Before: `Window by a (Scan t)`, for keys of b. After: `Window by a (Select t.a = p.a (p:
/// distinct a of (Select t.b = k.b (k: keys, t: Scan t)), t: Scan t))`.
final class Partitions {
  private static final String FOUND = "freshet$p";

  private Partitions() {}

  /// The input of windows without most partitions that have no row with a key.
  ///
  /// @param keys of columns of the input
  static Relation with(Window window, Narrowed.Keys keys) {
    Relation input = window.input();
    Relation rows = Narrowed.of(input, keys);
    if (rows.equals(input)) {
      return input;
    }
    Relation found = Narrowed.distinct(rows, window.keys());
    List<Narrowed.Pair> pairs =
        IntStream.range(0, window.keys().size())
            .mapToObj(i -> {
              String key = window.keys().get(i);
              return new Narrowed.Pair(key, key, window.equal().get(i));
            })
            .toList();
    Relation equal = Narrowed.of(input, new Narrowed.Keys(found, pairs));
    List<Column> nullable =
        input.columns().stream()
            .filter(column -> window.keys().contains(column.name()) && !column.notNull())
            .toList();
    return nullable.isEmpty() || equal.equals(input)
        ? equal
        : new Union(
            List.of(rows(equal, noNull(nullable)), ofNull(input, found, nullable)),
            input.columns());
  }

  private static Select rows(Relation input, List<Expression> conditions) {
    return new Select(List.of(new Input("i", input)), conditions, Narrowed.passed(input));
  }

  private static List<Expression> noNull(List<Column> columns) {
    return columns.stream()
        .map(column -> Operators.isNot(Narrowed.column("i", column.name()), "NULL"))
        .toList();
  }

  /// The rows of all partitions with a NULL in their key, if any such partition was found.
  private static Relation ofNull(Relation input, Relation found, List<Column> nullable) {
    return new Match(
        MatchKind.SEMI,
        new Input("i", rows(input, List.of(anyNull("i", nullable)))),
        new Input(FOUND, found),
        List.of(anyNull(FOUND, nullable)),
        Narrowed.passed(input));
  }

  private static Expression anyNull(String alias, List<Column> columns) {
    List<Expression> nulls =
        columns.stream()
            .map(column -> Operators.is(Narrowed.column(alias, column.name()), "NULL"))
            .toList();
    return nulls.size() == 1 ? nulls.getFirst() : new Expression.Or(new Span(0, 0), nulls);
  }
}
