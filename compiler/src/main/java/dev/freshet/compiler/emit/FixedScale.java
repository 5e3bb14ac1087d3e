package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Expression.ConstantKind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How many digits after the point every value of a numeric expression has, where that follows from
/// declared types. A sum of such values keeps its scale whichever of them go.
///
/// The rules are those of PostgreSQL's numeric arithmetic: a sum has the longer scale of both
/// sides, a product has both together.
final class FixedScale {
  private static final Pattern NUMERIC = Pattern.compile("numeric\\(\\d+,(\\d+)\\)");
  private static final Pattern DECIMAL = Pattern.compile("\\d+(?:\\.(\\d*))?");
  private static final List<String> KEEP_SCALE = List.of("sum", "min", "max");
  private static final List<String> INTEGERS = List.of("smallint", "integer", "bigint");

  private final Relation relation;
  private final ColumnTypes types;

  private FixedScale(Relation relation, ColumnTypes types) {
    this.relation = relation;
    this.types = types;
  }

  /// The scale of a relation's column; empty if it can vary.
  static Optional<Integer> of(Relation relation, String column, ColumnTypes types) {
    return switch (relation) {
      case Select select ->
          valueOf(select.outputs(), column)
              .flatMap(value -> new FixedScale(select, types).of(value));
      case Match match ->
          valueOf(match.outputs(), column).flatMap(value -> new FixedScale(match, types).of(value));
      case Aggregate aggregate ->
          valueOf(aggregate.outputs(), column).flatMap(value -> of(aggregate, value, types));
      default -> declared(types.of(relation, column).type());
    };
  }

  private static Optional<Expression> valueOf(List<Output> outputs, String column) {
    return outputs.stream()
        .filter(output -> output.column().name().equals(column))
        .map(Output::value)
        .findFirst();
  }

  /// A key, or an aggregate of values that have the scale.
  private static Optional<Integer> of(Aggregate aggregate, Expression value, ColumnTypes types) {
    Expression argument =
        value instanceof Expression.Call call
                && KEEP_SCALE.contains(call.function().name())
                && call.arguments().size() == 1
            ? call.arguments().getFirst().value()
            : value;
    return argument instanceof Expression.Column column
        ? of(aggregate.input(), column.path().getLast(), types)
        : Optional.empty();
  }

  private Optional<Integer> of(Expression expression) {
    return switch (expression) {
      case Expression.Column column -> column(column);
      case Expression.Constant(var span, ConstantKind kind, String text) ->
          kind == ConstantKind.NUMBER ? decimal(text) : Optional.empty();
      case Expression.Cast(var span, Expression operand, var type) ->
          type.text().equals("numeric") ? of(operand) : declared(type.text());
      case Expression.Infix(var span, Expression left, var operator, Expression right) ->
          of(left).flatMap(l -> of(right).flatMap(r -> combined(operator.sql(), l, r)));
      default -> Optional.empty();
    };
  }

  private static Optional<Integer> combined(String operator, int left, int right) {
    return switch (operator) {
      case "+", "-" -> Optional.of(Math.max(left, right));
      case "*" -> Optional.of(left + right);
      default -> Optional.empty();
    };
  }

  private Optional<Integer> column(Expression.Column column) {
    return References.inputs(relation).stream()
        .filter(input -> input.alias().equals(column.path().getFirst()))
        .filter(input -> !(input.relation() instanceof Relation.Rows))
        .map(Input::relation)
        .findFirst()
        .flatMap(input -> of(input, column.path().getLast(), types));
  }

  private static Optional<Integer> declared(String type) {
    if (INTEGERS.contains(type)) {
      return Optional.of(0);
    }
    Matcher numeric = NUMERIC.matcher(type);
    return numeric.matches() ? Optional.of(Integer.parseInt(numeric.group(1))) : Optional.empty();
  }

  private static Optional<Integer> decimal(String text) {
    Matcher decimal = DECIMAL.matcher(text);
    if (!decimal.matches()) {
      return Optional.empty();
    }
    String fraction = decimal.group(1);
    return Optional.of(fraction == null ? 0 : fraction.length());
  }
}
