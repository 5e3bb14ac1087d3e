package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.Relation.Rows;
import dev.freshet.compiler.bind.Declined;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.List;
import java.util.Optional;

/// Groups whose keys are compared with texts of a collation for which different texts are equal.
///
/// A correlated subquery is computed for each value of its own column. Compared by the collation of
/// an outer column, several of these values can be one and the same, so the subquery would have to
/// be computed over all of them together.
final class BlindPartners {
  private final List<Input> inputs;
  private final ColumnTypes types;

  private BlindPartners(List<Input> inputs, ColumnTypes types) {
    this.inputs = inputs;
    this.types = types;
  }

  /// @throws Declined if the join compares so
  static void refuse(Delta delta, ColumnTypes types) {
    switch (delta) {
      case Delta.Join(var number, var select, var sources) ->
          new BlindPartners(select.inputs(), types).refuse(select.conditions());
      case Delta.Pairs(var number, var match, var sources) ->
          new BlindPartners(List.of(match.left(), match.right()), types).refuse(match.conditions());
      default -> {}
    }
  }

  private void refuse(List<Expression> conditions) {
    for (Expression condition : conditions) {
      if (condition instanceof Expression.Infix(var span, var l, var operator, var r)
          && operator.symbol().equals("=")
          && (isSharperThan(l, r) || isSharperThan(r, l))) {
        throw new Declined(
            "groups by a column that is compared by another collation: "
                + SqlPrinter.print(condition));
      }
    }
  }

  /// True if the first is computed for each group, and the second tells fewer texts apart.
  private boolean isSharperThan(Expression key, Expression other) {
    return key instanceof Expression.Column column
        && input(column).filter(i -> i.relation() instanceof Keyed).isPresent()
        && type(column).filter(ColumnType::equalMeansSame).isPresent()
        && References.columns(other).stream()
            .flatMap(c -> type(c).stream())
            .anyMatch(type -> !type.collation().isEmpty() && !type.equalMeansSame());
  }

  private Optional<ColumnType> type(Expression.Column column) {
    return input(column)
        .filter(input -> !(input.relation() instanceof Rows)) // cannot be asked without its FROM
        .map(input -> types.of(input.relation(), column.path().getLast()));
  }

  private Optional<Input> input(Expression.Column column) {
    return inputs.stream().filter(i -> i.alias().equals(column.path().getFirst())).findFirst();
  }
}
