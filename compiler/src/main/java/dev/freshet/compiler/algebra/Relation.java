package dev.freshet.compiler.algebra;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.FromItem;
import dev.freshet.compiler.sql.Operator;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Query.SetOperator;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Span;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// A bag of rows, computed from tables. The names of its columns are unique.
///
/// Expressions refer to the columns of inputs as `alias.column`, always with both parts.
public sealed interface Relation {

  List<Column> columns();

  /// Whether one of its columns has this name and may be NULL.
  default boolean mayBeNull(String column) {
    return columns().stream().anyMatch(c -> c.name().equals(column) && !c.notNull());
  }

  /// A column of a relation.
  ///
  /// @param notNull known to hold no NULL
  record Column(String name, boolean notNull) {}

  /// A relation under the name by which expressions refer to it.
  record Input(String alias, Relation relation) {}

  /// A column that is computed.
  record Output(Column column, Expression value) {}

  /// The rows of a stored table.
  ///
  /// @param table as queries name it
  /// @param captured whose changes are captured: the table itself, or the storage of a view
  /// @param shown a column of the captured table that is true for the rows that are seen
  /// @param keys sets of columns, in each of which no two rows agree
  record Scan(
      QualifiedName table,
      QualifiedName captured,
      Optional<String> shown,
      boolean only,
      List<Column> columns,
      List<Set<String>> keys)
      implements Relation {}

  /// One row with the time: what changes when nobody writes.
  ///
  /// @param time an expression of the server
  record Clock(String time) implements Relation {
    public static final String NOW = "now";

    /// The time of the transaction.
    public static final String OF_TRANSACTION = "now()";

    /// The same for a view that commits maintain, but never before the time of an earlier commit.
    /// Asked for once in a statement.
    public static final String OF_COMMIT = "(SELECT freshet.moment())";

    @Override
    public List<Column> columns() {
      return List.of(new Column(NOW, true));
    }
  }

  /// Rows that functions compute from constants and from the inputs to the left.
  record Rows(FromItem.Functions call, Form form, List<Column> columns) implements Relation {
    /// Where the functions stand.
    public enum Form {
      IN_FROM,
      /// in FROM, to the right of LEFT JOIN: one row of NULLs if there is no other
      OUTER_JOINED,
      /// in a select list, which repeats the other values for each row
      SELECTED
    }

    /// The same rows of functions of other values.
    public Rows with(UnaryOperator<Expression> replacement) {
      List<FromItem.Function> functions =
          call.functions().stream()
              .map(f -> new FromItem.Function(replacement.apply(f.call()), f.columns()))
              .toList();
      return new Rows(
          new FromItem.Functions(
              call.span(),
              call.lateral(),
              call.rowsFrom(),
              functions,
              call.ordinality(),
              call.alias()),
          form,
          columns);
    }
  }

  /// Constant rows.
  record Constants(List<List<Expression>> rows, List<Column> columns) implements Relation {}

  /// Every combination of one row of each input that satisfies the conditions: projection, filter
  /// and inner join in one. Linear in each input.
  record Select(List<Input> inputs, List<Expression> conditions, List<Output> outputs)
      implements Relation {
    @Override
    public List<Column> columns() {
      return outputs.stream().map(Output::column).toList();
    }
  }

  /// Pairs of rows, and rows without a partner.
  ///
  /// @param outputs plain columns, those of the missing side NULL, and [#FOUND]
  record Match(
      MatchKind kind, Input left, Input right, List<Expression> conditions, List<Output> outputs)
      implements Relation {
    /// What [MatchKind#MARK] computes: whether there is a partner.
    public static final Expression FOUND =
        new Expression.Constant(new Span(0, 0), Expression.ConstantKind.BOOLEAN, "true");

    @Override
    public List<Column> columns() {
      return outputs.stream().map(Output::column).toList();
    }
  }

  enum MatchKind {
    /// pairs, and left rows without a partner
    LEFT,
    /// pairs, and rows of either side without a partner
    FULL,
    /// left rows with a partner
    SEMI,
    /// left rows without a partner
    ANTI,
    /// left rows, and whether they have a partner
    MARK
  }

  /// All rows of all inputs; columns correspond by place.
  record Union(List<Relation> inputs, List<Column> columns) implements Relation {}

  /// What is computed separately for all rows that agree in a key: their result depends on no other
  /// rows. Each input has the columns of the key under [#keys].
  sealed interface Keyed extends Relation {
    List<Relation> inputs();

    /// The names of the key's columns in an input. Without any there is one group of all rows.
    List<String> keys(int input);
  }

  /// Groups. Outputs refer to the input as `i`.
  ///
  /// @param keys columns of the input
  /// @param outputs the keys, then aggregates
  record Aggregate(Relation input, List<String> keys, List<Output> outputs) implements Keyed {
    @Override
    public List<Column> columns() {
      return outputs.stream().map(Output::column).toList();
    }

    @Override
    public List<Relation> inputs() {
      return List.of(input);
    }

    @Override
    public List<String> keys(int place) {
      return keys;
    }

    public Stream<Output> aggregates() {
      return outputs.stream().skip(keys.size());
    }
  }

  /// Window functions. Outputs refer to the input as `i`.
  ///
  /// @param keys columns that every window partitions by
  /// @param equal by what rows of a partition agree, for each of the keys
  record Window(Relation input, List<String> keys, List<Operator> equal, List<Output> outputs)
      implements Keyed {
    @Override
    public List<Column> columns() {
      return outputs.stream().map(Output::column).toList();
    }

    @Override
    public List<Relation> inputs() {
      return List.of(input);
    }

    @Override
    public List<String> keys(int place) {
      return keys;
    }
  }

  /// The first rows of each group, in an order: DISTINCT ON, LIMIT. Expressions refer to the input
  /// as `i`.
  record First(Relation input, List<String> keys, List<SortKey> order, Top top) implements Keyed {
    @Override
    public List<Column> columns() {
      return input.columns();
    }

    @Override
    public List<Relation> inputs() {
      return List.of(input);
    }

    @Override
    public List<String> keys(int place) {
      return keys;
    }
  }

  /// Which of ordered rows stay.
  ///
  /// @param withTies also those that are equal to the last one in the order
  /// @param offset how many are left out before them
  record Top(long count, boolean withTies, long offset) {
    public static final Top ONE = new Top(1, false, 0);
  }

  /// INTERSECT and EXCEPT; UNION is an aggregate over a union.
  record Combine(SetOperator operator, boolean all, List<Relation> inputs) implements Keyed {
    @Override
    public List<Column> columns() {
      return inputs.getFirst().columns();
    }

    @Override
    public List<String> keys(int input) {
      return inputs.get(input).columns().stream().map(Column::name).toList();
    }
  }
}
