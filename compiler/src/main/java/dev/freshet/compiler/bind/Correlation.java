package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operator;
import dev.freshet.compiler.sql.Operators;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
    return equality(condition).flatMap(equal -> of(equal, !equal.equals(condition), block));
  }

  private static Optional<Correlation> of(Expression.Infix equal, boolean nulls, Block block) {
    Expression l = equal.left();
    Expression r = equal.right();
    if (!block.usesOuter(l) && block.isOuter(r)) {
      return Optional.of(new Correlation(l, equal.operator(), r, nulls));
    }
    return !block.usesOuter(r) && block.isOuter(l)
        ? Optional.of(new Correlation(r, equal.operator(), l, nulls))
        : Optional.empty();
  }

  /// The same where NULLs agree if this is so, too.
  Correlation orNulls(boolean agree) {
    return new Correlation(inner, operator, outer, nulls || agree);
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
    if (condition instanceof Expression.Infix infix) {
      return infix.isEquality() ? Optional.of(infix) : Optional.empty();
    }
    return condition instanceof Expression.Or(var span, var operands)
            && operands.size() == 2
            && operands.getFirst() instanceof Expression.Infix infix
            && operands.getLast() instanceof Expression.And(var inner, var both)
            && areNull(both, infix)
        ? equality(infix)
        : Optional.empty();
  }

  /// Whether the conditions say that both sides of an equality are NULL.
  private static boolean areNull(List<Expression> conditions, Expression.Infix equal) {
    return conditions.size() == 2
        && Stream.of(equal.left(), equal.right())
            .map(side -> SqlPrinter.print(Operators.is(side, "NULL")))
            .allMatch(
                text -> conditions.stream().anyMatch(is -> SqlPrinter.print(is).equals(text)));
  }
}
