package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// A FROM and WHERE under construction: inputs that are joined, and what their columns are called.
final class Block {
  final List<Input> inputs = new ArrayList<>();
  final List<Expression> conditions = new ArrayList<>();

  /// Conditions that use columns from outside.
  final List<Expression> correlated = new ArrayList<>();

  final Scope scope;

  Block(Scope scope) {
    this.scope = scope;
    scope.add(this);
  }

  Block join(Block other) {
    inputs.addAll(other.inputs);
    conditions.addAll(other.conditions);
    correlated.addAll(other.correlated);
    scope.addAll(other.scope);
    return this;
  }

  /// From now on the block has what another one has, under the names of its own scope.
  void become(Block other) {
    replace(inputs, other.inputs);
    replace(conditions, other.conditions);
    replace(correlated, other.correlated);
  }

  private static <T> void replace(List<T> list, List<T> by) {
    list.clear();
    list.addAll(by);
  }

  Set<String> aliases() {
    return inputs.stream().map(Input::alias).collect(Collectors.toSet());
  }

  /// Whether the expression uses columns from outside this block.
  boolean usesOuter(Expression expression) {
    Set<String> aliases = aliases();
    return Subexpressions.anyMatch(
        expression,
        part -> part instanceof Expression.Column c && !aliases.contains(c.path().getFirst()));
  }

  /// Whether the expression uses no columns of this block.
  boolean isOuter(Expression expression) {
    Set<String> aliases = aliases();
    return References.columns(expression).stream()
        .noneMatch(column -> aliases.contains(column.path().getFirst()));
  }

  /// Declines what would have to be computed for each outer row.
  void requireOwn(Expression expression) {
    if (usesOuter(expression)) {
      throw new Declined("outer columns in " + SqlPrinter.print(expression));
    }
  }

  /// Declines what an outer join could not make NULL in rows without a partner: values that are
  /// computed after it from more than columns of the block.
  void requirePaddable() {
    scope.values().stream()
        .filter(value -> !isNullWithoutRow(value))
        .findFirst()
        .ifPresent(value -> {
          throw new Declined(
              "an outer join that would have to leave out " + SqlPrinter.print(value));
        });
  }

  private boolean isNullWithoutRow(Expression value) {
    return switch (value) {
      case Expression.Column column -> aliases().contains(column.path().getFirst());
      case Expression.Cast cast -> isNullWithoutRow(cast.operand());
      case Expression.Construct merged ->
          merged.keyword().equals("COALESCE")
              && merged.arguments().stream().allMatch(this::isNullWithoutRow);
      case Expression.Case found ->
          found.operand() == null
              && found.otherwise() == null
              && found.branches().stream().allMatch(branch -> isNullWithoutRow(branch.condition()));
      default -> false;
    };
  }

  /// Sets conditions apart that use columns from outside.
  void liftCorrelated() {
    conditions.stream().filter(this::usesOuter).forEach(correlated::add);
    conditions.removeIf(this::usesOuter);
  }

  /// Takes conditions back whose columns all belong to this block by now.
  void settleCorrelated() {
    correlated.stream().filter(condition -> !usesOuter(condition)).forEach(conditions::add);
    correlated.removeIf(condition -> !usesOuter(condition));
  }

  /// Whether a value is known to hold no NULL in the rows of the block.
  boolean notNull(Expression expression) {
    return new NotNull(inputs, conditions).holds(expression);
  }

  /// The block as a relation that computes these values.
  Select select(Map<String, Expression> values) {
    List<Output> outputs = new ArrayList<>();
    values.forEach(
        (name, value) -> outputs.add(new Output(new Column(name, notNull(value)), value)));
    return new Select(clockFirst(), List.copyOf(conditions), outputs);
  }

  /// So that the deltas of all other inputs see the time as it is now.
  private List<Input> clockFirst() {
    return inputs.stream()
        .sorted(Comparator.comparing(input -> !(input.relation() instanceof Relation.Clock)))
        .toList();
  }

  /// Makes the block one input with all its columns, and says what each of them became.
  Input asInput(Aliases aliases) {
    if (inputs.size() == 1
        && conditions.isEmpty()
        && !(inputs.getFirst().relation() instanceof Relation.Rows)) {
      return inputs.getFirst();
    }
    String alias = aliases.unique("j");
    Map<String, String> names = new LinkedHashMap<>();
    Map<String, Expression> values = new LinkedHashMap<>();
    for (Expression value : everyColumn()) {
      String text = SqlPrinter.print(value);
      if (!names.containsKey(text)) {
        String name = Aliases.unusedName(lastName(value), values.keySet());
        names.put(text, name);
        values.put(name, value);
      }
    }
    Input input = new Input(alias, select(values));
    replaceWith(input, names);
    return input;
  }

  /// Every column that inputs offer, used or not: unused ones are pruned later.
  private List<Expression> everyColumn() {
    return inputs.stream()
        .flatMap(input ->
            input.relation().columns().stream().map(c -> Scope.column(input.alias(), c.name())))
        .toList();
  }

  /// From now on the block is this one input.
  ///
  /// @param names of its columns by the text of the expression they hold
  void replaceWith(Input input, Map<String, String> names) {
    inputs.clear();
    inputs.add(input);
    conditions.clear();
    scope.replaceAll(value -> renamed(value, input.alias(), names));
  }

  static Expression renamed(Expression value, String alias, Map<String, String> names) {
    return Subexpressions.replace(
        value,
        part -> {
          String name = names.get(SqlPrinter.print(part));
          return name == null ? null : Scope.column(alias, name);
        });
  }

  static String lastName(Expression value) {
    return value instanceof Expression.Column column ? column.path().getLast() : "x";
  }

  /// The parts of a condition that must all hold.
  static List<Expression> conjuncts(Expression condition) {
    return condition instanceof Expression.And(var span, var operands)
        ? operands.stream().flatMap(operand -> conjuncts(operand).stream()).toList()
        : List.of(condition);
  }

  Input onlyInput() {
    return Objects.requireNonNull(inputs.getFirst());
  }
}
