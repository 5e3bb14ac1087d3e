package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Combine;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Expression.ConstantKind;
import dev.freshet.compiler.sql.Phrase;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// How many digits after the point the values of a numeric expression can have, where that follows
/// from declared types. A sum of values of one scale keeps it whichever of them go.
///
/// The rules are those of PostgreSQL's numeric arithmetic: a sum has the longer scale of both
/// sides, a product has both together.
final class Scales {
  private static final Pattern NUMERIC = Pattern.compile("numeric\\(\\d+,(\\d+)\\)");
  private static final Pattern DECIMAL = Pattern.compile("\\d+(?:\\.(\\d*))?");
  private static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint");
  private static final Set<String> KEEPING = Set.of("sum", "min", "max");
  private static final Set<String> CHOOSING = Set.of("COALESCE", "GREATEST", "LEAST", "NULLIF");

  /// The parts of a date that `extract` gives as a whole number.
  private static final Set<String> WHOLE =
      Set.of(
          "century",
          "day",
          "decade",
          "dow",
          "doy",
          "hour",
          "isodow",
          "isoyear",
          "millennium",
          "minute",
          "month",
          "quarter",
          "week",
          "year");

  private final Relation relation;
  private final ColumnTypes types;

  private Scales(Relation relation, ColumnTypes types) {
    this.relation = relation;
    this.types = types;
  }

  /// The bounds of a scale; no value is longer than `most`.
  record Scale(int least, int most) {
    boolean isFixed() {
      return least == most;
    }

    private static Scale of(int digits) {
      return new Scale(digits, digits);
    }

    private Scale or(Scale other) {
      return new Scale(Math.min(least, other.least), Math.max(most, other.most));
    }
  }

  /// The scale of a relation's column; empty if it has no bounds.
  static Optional<Scale> of(Relation relation, String column, ColumnTypes types) {
    ColumnType type = types.declared(relation, column);
    Optional<Scale> declared = declared(type.type());
    return declared.isPresent() || !type.type().equals("numeric")
        ? declared
        : new Scales(relation, types).column(column);
  }

  private Optional<Scale> column(String name) {
    return switch (relation) {
      case Select select -> output(select.outputs(), name);
      case Match match -> output(match.outputs(), name);
      case Aggregate aggregate -> output(aggregate.outputs(), name);
      case Window window -> output(window.outputs(), name);
      case First first -> of(first.input(), name, types);
      case Union union -> byPlace(union.inputs(), name);
      case Combine combine -> byPlace(combine.inputs(), name);
      case Relation.Scan scan -> Optional.empty();
      case Relation.Rows rows -> Optional.empty();
      case Relation.Clock clock -> Optional.empty();
      case Relation.Constants constants -> Optional.empty();
    };
  }

  private Optional<Scale> output(List<Output> outputs, String name) {
    return outputs.stream()
        .filter(output -> output.column().name().equals(name))
        .findFirst()
        .flatMap(output -> of(output.value()));
  }

  private Optional<Scale> byPlace(List<Relation> inputs, String name) {
    int place =
        IntStream.range(0, relation.columns().size())
            .filter(i -> relation.columns().get(i).name().equals(name))
            .findFirst()
            .orElseThrow();
    return any(inputs.stream().map(input -> of(input, input.columns().get(place).name(), types)));
  }

  /// What holds whichever of the values it is.
  private static Optional<Scale> any(Stream<Optional<Scale>> scales) {
    return scales
        .reduce((one, other) -> one.flatMap(o -> other.map(o::or)))
        .flatMap(scale -> scale);
  }

  private Optional<Scale> of(Expression expression) {
    return switch (expression) {
      case Expression.Column column -> column(column);
      case Expression.Constant(var span, ConstantKind kind, String text) ->
          kind == ConstantKind.NUMBER ? decimal(text) : Optional.empty();
      case Expression.Cast(var span, Expression operand, var type) ->
          type.text().equals("numeric") ? of(operand) : declared(type.text());
      case Expression.Infix(var span, Expression left, var operator, Expression right) ->
          of(left).flatMap(l -> of(right).flatMap(r -> combined(operator.sql(), l, r)));
      case Expression.Construct construct when CHOOSING.contains(construct.keyword()) ->
          chosen(construct.arguments().stream());
      case Expression.Case choice ->
          chosen(
              Stream.concat(
                  choice.branches().stream().map(Expression.When::result),
                  Stream.ofNullable(choice.otherwise())));
      case Expression.Call call when keeps(call) -> of(call.arguments().getFirst().value());
      case Expression.Special(var span, Phrase phrase) -> extracted(phrase);
      default -> Optional.empty();
    };
  }

  private Optional<Scale> chosen(Stream<Expression> values) {
    return any(values.filter(value -> !isNull(value)).map(this::of));
  }

  private static boolean isNull(Expression value) {
    return switch (value) {
      case Expression.Constant constant -> constant.kind() == ConstantKind.NULL;
      case Expression.Cast cast -> isNull(cast.operand());
      default -> false;
    };
  }

  private static boolean keeps(Expression.Call call) {
    return call.function().isBuiltIn()
        && KEEPING.contains(call.function().name())
        && call.arguments().size() == 1;
  }

  private static Optional<Scale> extracted(Phrase phrase) {
    List<String> words =
        phrase.pieces().stream()
            .filter(Phrase.Piece.Word.class::isInstance)
            .map(piece -> ((Phrase.Piece.Word) piece).text())
            .collect(Collectors.toList());
    return words.size() > 2
            && words.getFirst().equalsIgnoreCase("extract")
            && WHOLE.contains(words.get(2))
        ? Optional.of(Scale.of(0))
        : Optional.empty();
  }

  private static Optional<Scale> combined(String operator, Scale left, Scale right) {
    return switch (operator) {
      case "+", "-" ->
          Optional.of(
              new Scale(Math.max(left.least, right.least), Math.max(left.most, right.most)));
      case "*" -> Optional.of(new Scale(left.least + right.least, left.most + right.most));
      default -> Optional.empty();
    };
  }

  private Optional<Scale> column(Expression.Column column) {
    return References.inputs(relation).stream()
        .filter(input -> input.alias().equals(column.path().getFirst()))
        .map(Input::relation)
        .filter(input -> !(input instanceof Relation.Rows))
        .findFirst()
        .flatMap(input -> of(input, column.path().getLast(), types));
  }

  private static Optional<Scale> declared(String type) {
    if (INTEGERS.contains(type)) {
      return Optional.of(Scale.of(0));
    }
    Matcher numeric = NUMERIC.matcher(type);
    return numeric.matches()
        ? Optional.of(Scale.of(Integer.parseInt(numeric.group(1))))
        : Optional.empty();
  }

  private static Optional<Scale> decimal(String text) {
    Matcher decimal = DECIMAL.matcher(text);
    if (!decimal.matches()) {
      return Optional.empty();
    }
    String fraction = decimal.group(1);
    return Optional.of(Scale.of(fraction == null ? 0 : fraction.length()));
  }
}
