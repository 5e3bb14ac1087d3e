package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operator;
import java.util.Optional;

/// An equality by which rows of a subquery belong to outer rows.
///
/// @param inner computed from a row of the subquery
/// @param outer computed from the outer row
record Correlation(Expression inner, Operator operator, Expression outer) {

  /// The equality that a condition is; empty if it is something else.
  ///
  /// @param condition of a block's rows that uses outer columns
  static Optional<Correlation> of(Expression condition, Block block) {
    if (condition instanceof Expression.Infix(var span, Expression l, Operator operator, var r)
        && operator.symbol().equals("=")) {
      if (!block.usesOuter(l) && block.isOuter(r)) {
        return Optional.of(new Correlation(l, operator, r));
      }
      if (!block.usesOuter(r) && block.isOuter(l)) {
        return Optional.of(new Correlation(r, operator, l));
      }
    }
    return Optional.empty();
  }

  /// The condition over what the inner value has become.
  Expression condition(Expression now) {
    return new Expression.Infix(now.span(), now, operator, outer);
  }
}
