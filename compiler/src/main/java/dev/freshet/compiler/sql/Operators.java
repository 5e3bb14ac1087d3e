package dev.freshet.compiler.sql;

import java.util.List;

/// Builds expressions that no user wrote.
public final class Operators {
  private static final Span NOWHERE = new Span(0, 0);

  private Operators() {}

  /// `left = right`.
  public static Expression equal(Expression left, Expression right) {
    return new Expression.Infix(NOWHERE, left, Operator.of("="), right);
  }

  /// `condition IS NOT FALSE`: holds, or nobody knows.
  public static Expression isNotFalse(Expression condition) {
    return new Expression.Is(NOWHERE, condition, true, "FALSE");
  }

  /// `condition IS NOT TRUE`.
  public static Expression isNotTrue(Expression condition) {
    return new Expression.Is(NOWHERE, condition, true, "TRUE");
  }

  /// `COALESCE(value, 0)`.
  public static Expression orZero(Expression value) {
    Expression zero = new Expression.Constant(NOWHERE, Expression.ConstantKind.NUMBER, "0");
    return new Expression.Construct(NOWHERE, "COALESCE", List.of(value, zero));
  }
}
