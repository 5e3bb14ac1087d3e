package dev.freshet.compiler.sql;

import java.util.List;

/// Builds expressions that no user wrote.
public final class Operators {
  private static final Span NOWHERE = new Span(0, 0);

  public static final Operator EQUAL = Operator.of("=");

  private Operators() {}

  /// `left = right`.
  public static Expression equal(Expression left, Expression right) {
    return new Expression.Infix(NOWHERE, left, EQUAL, right);
  }

  /// `condition IS property`.
  public static Expression is(Expression condition, String property) {
    return new Expression.Is(NOWHERE, condition, false, property);
  }

  /// `condition IS NOT property`.
  public static Expression isNot(Expression condition, String property) {
    return new Expression.Is(NOWHERE, condition, true, property);
  }

  /// `CASE WHEN first THEN answer WHEN unknown THEN NULL ELSE NOT answer END`.
  public static Expression decided(Expression first, boolean answer, Expression unknown) {
    return new Expression.Case(
        NOWHERE,
        null,
        List.of(
            new Expression.When(first, constant(answer)),
            new Expression.When(
                unknown, new Expression.Constant(NOWHERE, Expression.ConstantKind.NULL, "NULL"))),
        constant(!answer));
  }

  /// `CASE WHEN condition THEN value END`.
  public static Expression onlyIf(Expression condition, Expression value) {
    return new Expression.Case(NOWHERE, null, List.of(new Expression.When(condition, value)), null);
  }

  /// `count(*)`.
  public static Expression countRows() {
    return aggregate("count", new Expression.Star(NOWHERE, List.of()), Expression.Aggregation.NONE);
  }

  /// `percentile_disc(0) WITHIN GROUP (ORDER BY value)`: the least value of any type that has an
  /// order, NULL only if there is no other.
  public static Expression anyValue(Expression value) {
    Query.SortKey order =
        new Query.SortKey(value, Query.Direction.DEFAULT, null, Query.NullsOrder.DEFAULT);
    Expression zero = new Expression.Constant(NOWHERE, Expression.ConstantKind.NUMBER, "0");
    return aggregate(
        "percentile_disc",
        zero,
        new Expression.Aggregation(false, List.of(), List.of(order), null));
  }

  /// `array_agg(value ORDER BY order)`.
  public static Expression arrayOf(Expression value, List<Query.SortKey> order) {
    return aggregate("array_agg", value, new Expression.Aggregation(false, order, List.of(), null));
  }

  private static Expression aggregate(
      String name, Expression argument, Expression.Aggregation aggregation) {
    return new Expression.Call(
        NOWHERE,
        new QualifiedName(null, name),
        List.of(new Expression.Argument(null, false, argument)),
        aggregation,
        null);
  }

  public static Expression constant(boolean value) {
    return new Expression.Constant(NOWHERE, Expression.ConstantKind.BOOLEAN, String.valueOf(value));
  }

  /// `COALESCE(value, 0)`.
  public static Expression orZero(Expression value) {
    Expression zero = new Expression.Constant(NOWHERE, Expression.ConstantKind.NUMBER, "0");
    return new Expression.Construct(NOWHERE, "COALESCE", List.of(value, zero));
  }
}
