package dev.freshet.compiler.algebra;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operator;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.TypeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The part of time that a timestamp falls into: `date_trunc('month', t)`.
///
/// An index on `t` finds the rows of one part only if the query says between which times they lie.
///
/// @param time the timestamp
/// @param width of a part, as an interval
/// @param margin an interval: how much earlier or later than the part the times that are asked for
///   begin and end, more than clocks are ever put forward or back within one
public record TimeBucket(Expression time, String width, String margin) {
  private static final Map<String, String> WIDTHS =
      Map.of(
          "minute", "1 minute",
          "hour", "1 hour",
          "day", "1 day",
          "week", "7 days",
          "month", "1 month",
          "quarter", "3 months",
          "year", "1 year");

  /// The part that a column of a query stands for, if it is one.
  public static Optional<TimeBucket> of(Relation.Select select, String column) {
    return select.outputs().stream()
        .filter(output -> output.column().name().equals(column))
        .findFirst()
        .flatMap(output -> of(output.value()));
  }

  private static Optional<TimeBucket> of(Expression value) {
    return value instanceof Expression.Call call
            && call.function().isBuiltIn()
            && call.function().name().equals("date_trunc")
            && call.arguments().size() == 2
        ? of(call.arguments().getFirst().value(), call.arguments().getLast().value())
        : Optional.empty();
  }

  private static Optional<TimeBucket> of(Expression unit, Expression time) {
    return switch (unit) {
      case Expression.Cast cast -> of(cast.operand(), time);
      case Expression.Constant(var span, var kind, String text) ->
          WIDTHS.entrySet().stream()
              .filter(known -> text.equals("'" + known.getKey() + "'"))
              .map(known -> new TimeBucket(time, known.getValue(), margin(known.getKey())))
              .findFirst();
      default -> Optional.empty();
    };
  }

  private static String margin(String unit) {
    return unit.equals("minute") || unit.equals("hour") ? "2 hours" : "1 day";
  }

  /// Conditions that hold for all timestamps of a part, and for some around it.
  ///
  /// @param start of the part, a timestamp
  public List<Expression> around(Expression start) {
    return List.of(
        compare(">=", combine(start, "-", margin)),
        compare("<=", combine(combine(start, "+", width), "+", margin)));
  }

  private Expression compare(String operator, Expression bound) {
    return new Expression.Infix(new Span(0, 0), time, Operator.parse(operator), bound);
  }

  private static Expression combine(Expression time, String sign, String interval) {
    Expression constant =
        new Expression.Cast(
            new Span(0, 0),
            new Expression.Constant(
                new Span(0, 0), Expression.ConstantKind.STRING, "'" + interval + "'"),
            new TypeName(new Span(0, 0), "interval"));
    return new Expression.Infix(new Span(0, 0), time, Operator.parse(sign), constant);
  }
}
