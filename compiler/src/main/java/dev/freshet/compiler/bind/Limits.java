package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Top;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads LIMIT, OFFSET and FETCH FIRST.
final class Limits {
  private Limits() {}

  /// Which rows a query keeps; empty if all.
  static Optional<Top> top(Query.Limit limit) {
    if (limit.count() == null && limit.offset() == null) {
      return Optional.empty();
    }
    if (limit.count() == null) {
      throw new Declined("OFFSET without LIMIT: all but a few rows are kept");
    }
    long offset = limit.offset() == null ? 0 : number(limit.offset());
    return Optional.of(new Top(number(limit.count()), limit.withTies(), offset));
  }

  private static long number(@Nullable Expression count) {
    if (count instanceof Expression.Constant(var span, var kind, String text)
        && text.matches("\\d{1,9}")) {
      return Long.parseLong(text);
    }
    throw new Declined("LIMIT by an expression");
  }

  /// The first rows of each key of a relation, in an order that gives columns by their numbers or
  /// names.
  static First first(Relation relation, List<String> keys, List<SortKey> order, Top top) {
    List<SortKey> columns =
        order.stream().map(key -> Subexpressions.replace(key, e -> column(relation, e))).toList();
    return new First(relation, keys, columns, top);
  }

  private static Expression column(Relation relation, Expression number) {
    if (number instanceof Expression.Column(var span, var path)
        && path.size() == 1
        && relation.columns().stream().anyMatch(c -> c.name().equals(path.getFirst()))) {
      return Scope.column("i", path.getFirst());
    }
    if (number instanceof Expression.Constant(var span, var kind, String text)
        && text.matches("\\d{1,4}")) {
      String name = relation.columns().get(Integer.parseInt(text) - 1).name();
      return Scope.column("i", name);
    }
    throw new Declined("an order of " + SqlPrinter.print(number) + " over a set operation");
  }
}
