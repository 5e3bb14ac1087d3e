package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operator;
import dev.freshet.compiler.sql.Operators;
import java.util.List;
import java.util.Optional;

/// An equality by which rows of a subquery belong to outer rows.
///
/// @param inner computed from a row of the subquery
/// @param outer computed from the outer row
/// @param nulls whether NULLs agree with each other
record Correlation(Expression inner, Operator operator, Expression outer, boolean nulls) {

  /// The equality that a condition is; empty if it is something else.
  ///
  /// @param condition of a block's rows that uses outer columns
  static Optional<Correlation> of(Expression condition, Block block) {
    if (condition instanceof Expression.Infix(var span, Expression l, Operator operator, var r)
        && operator.symbol().equals("=")) {
      if (!block.usesOuter(l) && block.isOuter(r)) {
        return Optional.of(new Correlation(l, operator, r, false));
      }
      if (!block.usesOuter(r) && block.isOuter(l)) {
        return Optional.of(new Correlation(r, operator, l, false));
      }
    }
    return Optional.empty();
  }

  /// The condition over what the inner value has become.
  Expression condition(Expression now) {
    Expression equal = new Expression.Infix(now.span(), now, operator, outer);
    List<Expression> bothNull = List.of(Operators.is(now, "NULL"), Operators.is(outer, "NULL"));
    return nulls
        ? new Expression.Or(now.span(), List.of(equal, new Expression.And(now.span(), bothNull)))
        : equal;
  }

  /// The equality in a condition that [#condition] has made, or that is one.
  static Optional<Expression.Infix> equality(Expression condition) {
    Expression first =
        condition instanceof Expression.Or(var span, var operands)
                && operands.size() == 2
                && operands.getLast() instanceof Expression.And(var inner, var both)
                && both.stream().allMatch(Correlation::isNull)
            ? operands.getFirst()
            : condition;
    return first instanceof Expression.Infix infix && infix.operator().symbol().equals("=")
        ? Optional.of(infix)
        : Optional.empty();
  }

  private static boolean isNull(Expression expression) {
    return expression instanceof Expression.Is is && !is.negated() && is.property().equals("NULL");
  }
}
