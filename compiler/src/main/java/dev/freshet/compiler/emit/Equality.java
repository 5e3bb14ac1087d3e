package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operator;
import java.util.List;
import java.util.stream.Stream;

/// A column of an input that must equal something of other inputs.
///
/// @param column its name
record Equality(String column, Operator operator, Expression other) {

  /// Those of the input with this alias among conditions that all hold.
  static Stream<Equality> of(List<Expression> conditions, String alias) {
    return conditions.stream()
        .filter(Expression.Infix.class::isInstance)
        .map(Expression.Infix.class::cast)
        .filter(Expression.Infix::isEquality)
        .flatMap(condition ->
            Stream.concat(
                of(alias, condition, condition.left(), condition.right()),
                of(alias, condition, condition.right(), condition.left())));
  }

  private static Stream<Equality> of(
      String alias, Expression.Infix condition, Expression own, Expression other) {
    return own instanceof Expression.Column column
            && column.path().getFirst().equals(alias)
            && !References.columns(other).isEmpty()
        ? Stream.of(new Equality(column.path().getLast(), condition.operator(), other))
        : Stream.of();
  }
}
