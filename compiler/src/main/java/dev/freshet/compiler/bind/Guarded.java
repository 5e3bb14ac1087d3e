package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operators;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Subexpressions;
import dev.freshet.compiler.sql.TypeName;
import java.util.List;

/// Aggregates with FILTER, whose arguments are computed for the rows that pass it only: `sum(a / b)
/// FILTER (WHERE b <> 0)` must not divide by zero. The arguments are computed before rows are
/// grouped, where no FILTER keeps rows from them.
final class Guarded {
  private Guarded() {}

  /// The same aggregate with arguments that are NULL for the rows that it does not look at.
  static Expression.Call call(Expression.Call call) {
    Expression filter = call.aggregation().filter();
    if (filter == null) {
      return call;
    }
    boolean direct = !call.aggregation().withinGroup().isEmpty(); // computed once for a group
    List<Expression.Argument> arguments =
        direct ? call.arguments() : arguments(call.arguments(), filter);
    Expression.Aggregation aggregation =
        new Expression.Aggregation(
            call.aggregation().distinct(),
            keys(call.aggregation().orderBy(), filter),
            keys(call.aggregation().withinGroup(), filter),
            filter);
    return new Expression.Call(call.span(), call.function(), arguments, aggregation, call.over());
  }

  private static List<Expression.Argument> arguments(
      List<Expression.Argument> arguments, Expression filter) {
    return arguments.stream()
        .map(argument ->
            new Expression.Argument(
                argument.name(), argument.variadic(), value(argument.value(), filter)))
        .toList();
  }

  private static List<SortKey> keys(List<SortKey> keys, Expression filter) {
    return keys.stream()
        .map(key -> Subexpressions.replace(key, value -> value(value, filter)))
        .toList();
  }

  /// A cast is repeated outside where it has the modifier of a type, which CASE would lose.
  private static Expression value(Expression value, Expression filter) {
    if (value instanceof Expression.Column
        || !Subexpressions.anyMatch(value, part -> part instanceof Expression.Column)) {
      return value;
    }
    Expression guarded = Operators.onlyIf(filter, value);
    return value instanceof Expression.Cast(var span, var operand, TypeName type)
            && type.text().contains("(")
        ? new Expression.Cast(span, guarded, type)
        : guarded;
  }
}
