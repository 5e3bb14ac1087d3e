package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Rows;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Some columns of the rows around a subquery: those of the inputs that have them, which may be
/// more rows than there are.
final class OuterRows {
  /// Without `||`: an array to which nothing is added is one.
  private static final Set<String> STRICT =
      Set.of("=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "~~", "!~~");

  private final Block block = new Block(new Scope(null));

  /// What the columns are called around the subquery.
  private final Map<String, Expression> columns = new LinkedHashMap<>();

  private final Map<String, Expression> values = new LinkedHashMap<>();

  private OuterRows() {}

  /// @param outer what the columns belong to
  static OuterRows of(Scope outer, Set<Expression.Column> columns) {
    OuterRows rows = new OuterRows();
    for (Expression.Column column : columns) {
      Place place = new Place(input(outer, column), column).kept();
      rows.add(outer, place.input());
      rows.values.put(Binder.nameOf(column, rows.columns), place.column());
    }
    rows.addConditions(outer);
    return rows;
  }

  private static Input input(Scope outer, Expression.Column column) {
    return outer
        .blocksAround()
        .flatMap(b -> b.inputs.stream())
        .filter(i -> i.alias().equals(column.path().getFirst()))
        .findFirst()
        .orElseThrow(() -> new Declined("a subquery that uses outer columns deep inside"));
  }

  /// A column and the input that has it.
  private record Place(Input input, Expression.Column column) {
    /// The same column below joins that keep rows of their left side, or some of them.
    Place kept() {
      return input.relation() instanceof Match match && match.kind() != MatchKind.FULL
          ? match.outputs().stream()
              .filter(output -> output.column().name().equals(column.path().getLast()))
              .map(Output::value)
              .filter(Expression.Column.class::isInstance)
              .map(Expression.Column.class::cast)
              .filter(below -> below.path().getFirst().equals(match.left().alias()))
              .findFirst()
              .map(below -> new Place(match.left(), below).kept())
              .orElse(this)
          : this;
    }
  }

  /// What computes the rows of a function can be columns of other inputs.
  private void add(Scope outer, Input input) {
    if (block.aliases().contains(input.alias())) {
      return;
    }
    if (input.relation() instanceof Rows rows) {
      References.expressions(rows)
          .flatMap(e -> References.columns(e).stream())
          .forEach(column -> add(outer, input(outer, column)));
    }
    block.inputs.add(input);
  }

  /// Conditions on these inputs alone, so that fewer rows are looked at.
  private void addConditions(Scope outer) {
    Set<String> known = new HashSet<>();
    outer
        .blocksAround()
        .flatMap(b -> b.conditions.stream())
        .filter(condition -> !References.columns(condition).isEmpty())
        .filter(condition -> !block.usesOuter(condition))
        .filter(condition -> known.add(SqlPrinter.print(condition)))
        .forEach(block.conditions::add);
  }

  /// Whether rows of the subquery can belong to outer rows in which the column is NULL: unless a
  /// comparison with it must hold.
  boolean mayAgreeByNull(String name, List<Expression> correlated) {
    Expression.Column column = (Expression.Column) column(name);
    return !block.notNull(Objects.requireNonNull(values.get(name)))
        && correlated.stream().noneMatch(condition -> isNullOf(condition, column));
  }

  /// Whether an expression is NULL if the column is.
  private static boolean isNullOf(Expression expression, Expression.Column column) {
    return switch (expression) {
      case Expression.Column other -> other.path().equals(column.path());
      case Expression.Cast cast -> isNullOf(cast.operand(), column);
      case Expression.Infix(var span, Expression l, var operator, Expression r) ->
          !(r instanceof Expression.Elements)
              && STRICT.contains(operator.symbol())
              && (isNullOf(l, column) || isNullOf(r, column));
      default -> false;
    };
  }

  /// The column of this name, as it is called around the subquery.
  Expression column(String name) {
    return Objects.requireNonNull(columns.get(name));
  }

  Select select() {
    return block.select(values);
  }
}
