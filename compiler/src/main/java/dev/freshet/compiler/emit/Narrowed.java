package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Combine;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operator;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Asks tables, as deep as it goes, for the rows of some keys only, since PostgreSQL pushes no join
/// into a query that groups.
///
/// The result has all rows of the relation that agree with a key, and can have others. Before:
/// `Aggregate by a (Scan t)`. After: `Aggregate by a (Select t.a = k.a (k: keys, t: Scan t))`.
final class Narrowed {
  private static final String KEYS = "freshet$k";

  private Narrowed() {}

  /// Keys that rows must agree with.
  ///
  /// @param rows all different
  record Keys(Relation rows, List<Pair> pairs) {}

  /// A column of a relation and what it equals in the keys.
  record Pair(String column, String key, Operator equals) {}

  /// Rows that are kept in a table for the time of a refresh.
  ///
  /// @param name as it stands in FROM
  static Scan table(String name, List<Column> columns) {
    QualifiedName table = QualifiedName.parse(name);
    return new Scan(table, table, Optional.empty(), false, columns, List.of());
  }

  static Relation of(Relation relation, Keys keys) {
    if (keys.pairs().isEmpty()) {
      return relation;
    }
    return switch (relation) {
      case Scan scan -> join(List.of(new Input("i", scan)), List.of(), passed(scan), keys);
      case Select select -> select(select, keys);
      case Match match -> match(match, keys);
      case Union(var inputs, var columns) -> new Union(all(relation, inputs, keys), columns);
      case Keyed keyed -> keyed(keyed, keys);
      case Relation.Clock clock -> clock;
      case Relation.Rows rows -> rows;
      case Relation.Constants constants -> constants;
    };
  }

  private static Relation keyed(Keyed keyed, Keys keys) {
    return switch (keyed) {
      case Aggregate(Relation input, var by, var outputs) ->
          new Aggregate(of(input, through(outputs, "i", by, keys)), by, outputs);
      case Window window -> window(window, keys);
      case First(Relation input, var by, var order, var top) ->
          new First(of(input, those(keys, column -> kept(column, by))), by, order, top);
      case Combine(var operator, boolean every, var inputs) ->
          new Combine(operator, every, all(keyed, inputs, keys));
    };
  }

  /// Keys of other columns than partitions have ask for the whole partitions of their rows.
  private static Window window(Window window, Keys keys) {
    Keys own = through(window.outputs(), "i", window.keys(), keys);
    Relation input =
        own.pairs().isEmpty()
            ? Partitions.with(window, through(window.outputs(), "i", names(window.input()), keys))
            : of(window.input(), own);
    return new Window(input, window.keys(), window.equal(), window.outputs());
  }

  private static List<Relation> all(Relation relation, List<Relation> inputs, Keys keys) {
    List<String> names = names(relation);
    return inputs.stream()
        .map(input ->
            of(
                input,
                those(
                    keys,
                    column -> Optional.of(input.columns().get(names.indexOf(column)).name()))))
        .toList();
  }

  /// What PostgreSQL computes apart is narrowed by the keys, or by what it must equal. Where there
  /// is nothing such, the join takes the keys in; twice would make the planner expect too few rows.
  private static Select select(Select select, Keys keys) {
    List<Input> inputs = select.inputs().stream().map(input -> below(select, input, keys)).toList();
    return inputs.equals(select.inputs())
        ? join(inputs, select.conditions(), select.outputs(), keys)
        : new Select(inputs, select.conditions(), select.outputs());
  }

  private static Input below(Select select, Input input, Keys keys) {
    if (!InputSql.isDerived(input.relation())) {
      return input;
    }
    Keys own = through(select.outputs(), input.alias(), names(input.relation()), keys);
    Keys all =
        own.pairs().isEmpty() ? beside(select.conditions(), select.outputs(), input, keys) : own;
    return new Input(input.alias(), of(input.relation(), all));
  }

  private static Select join(
      List<Input> inputs, List<Expression> conditions, List<Output> outputs, Keys keys) {
    Stream<Expression> agree =
        keys.pairs().stream()
            .flatMap(pair ->
                values(outputs, pair.column())
                    .map(value ->
                        new Expression.Infix(
                            new Span(0, 0), value, pair.equals(), column(KEYS, pair.key()))));
    return new Select(
        Stream.concat(Stream.of(new Input(KEYS, keys.rows())), inputs.stream()).toList(),
        Stream.concat(conditions.stream(), agree).toList(),
        outputs);
  }

  /// Rows without a partner that should have one come along; they agree with no key.
  private static Match match(Match match, Keys keys) {
    Input left = match.left();
    Input right = match.right();
    Keys ofLeft = through(match.outputs(), left.alias(), names(left.relation()), keys);
    Keys ofRight =
        match.kind() == MatchKind.FULL
            ? new Keys(keys.rows(), List.of())
            : beside(match.conditions(), match.outputs(), right, keys);
    return new Match(
        match.kind(),
        new Input(left.alias(), of(left.relation(), ofLeft)),
        new Input(
            right.alias(),
            InputSql.isDerived(right.relation())
                ? of(right.relation(), ofRight)
                : right.relation()),
        match.conditions(),
        match.outputs());
  }

  private static List<String> names(Relation relation) {
    return relation.columns().stream().map(Column::name).toList();
  }

  /// What the keys say of the columns of an input that are passed on.
  private static Keys through(List<Output> outputs, String alias, List<String> columns, Keys keys) {
    return those(
        keys,
        name ->
            values(outputs, name)
                .flatMap(value -> own(value, alias))
                .filter(columns::contains)
                .findFirst());
  }

  /// What the keys say of columns of an input that must equal columns of others.
  private static Keys beside(
      List<Expression> conditions, List<Output> outputs, Input input, Keys keys) {
    List<Pair> pairs = new ArrayList<>();
    for (Pair pair : keys.pairs()) {
      values(outputs, pair.column())
          .filter(Expression.Column.class::isInstance)
          .flatMap(value -> equal(conditions, input, (Expression.Column) value, pair.key()))
          .findFirst()
          .ifPresent(pairs::add);
    }
    return distinct(keys, pairs);
  }

  private static Stream<Pair> equal(
      List<Expression> conditions, Input input, Expression.Column other, String key) {
    return conditions.stream()
        .filter(Expression.Infix.class::isInstance)
        .map(Expression.Infix.class::cast)
        .filter(Expression.Infix::isEquality)
        .flatMap(condition ->
            opposite(condition, other)
                .flatMap(side -> own(side, input.alias()))
                .map(column -> new Pair(column, key, condition.operator())));
  }

  /// The other side of an equality with a column.
  private static Stream<Expression> opposite(Expression.Infix equality, Expression.Column column) {
    return isColumn(equality.right(), column.path())
        ? Stream.of(equality.left())
        : isColumn(equality.left(), column.path()) ? Stream.of(equality.right()) : Stream.of();
  }

  private static boolean isColumn(Expression expression, List<String> path) {
    return expression instanceof Expression.Column column && column.path().equals(path);
  }

  private static Stream<Expression> values(List<Output> outputs, String column) {
    return outputs.stream().filter(o -> o.column().name().equals(column)).map(Output::value);
  }

  private static Stream<String> own(Expression value, String alias) {
    return value instanceof Expression.Column column && column.path().getFirst().equals(alias)
        ? Stream.of(column.path().getLast())
        : Stream.of();
  }

  private static Optional<String> kept(String column, List<String> columns) {
    return columns.contains(column) ? Optional.of(column) : Optional.empty();
  }

  /// The same keys for other columns.
  private static Keys those(Keys keys, Function<String, Optional<String>> renamed) {
    List<Pair> pairs =
        keys.pairs().stream()
            .flatMap(pair ->
                renamed.apply(pair.column()).stream()
                    .map(column -> new Pair(column, pair.key(), pair.equals())))
            .toList();
    return distinct(keys, pairs);
  }

  /// Fewer columns of keys need not differ any more.
  private static Keys distinct(Keys keys, List<Pair> pairs) {
    List<String> names = pairs.stream().map(Pair::key).distinct().toList();
    return pairs.isEmpty() || names.size() == keys.rows().columns().size()
        ? new Keys(keys.rows(), pairs)
        : new Keys(distinct(keys.rows(), names), pairs);
  }

  /// The different values of some columns.
  static Relation distinct(Relation rows, List<String> names) {
    List<Output> outputs =
        rows.columns().stream()
            .filter(column -> names.contains(column.name()))
            .map(column -> new Output(column, column("i", column.name())))
            .toList();
    return new Aggregate(rows, outputs.stream().map(o -> o.column().name()).toList(), outputs);
  }

  static Expression.Column column(String alias, String name) {
    return new Expression.Column(new Span(0, 0), List.of(alias, name));
  }

  static List<Output> passed(Relation relation) {
    return relation.columns().stream().map(c -> new Output(c, column("i", c.name()))).toList();
  }
}
