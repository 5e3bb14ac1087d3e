package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.delta.DeltaPlan;
import dev.freshet.compiler.sql.Expression;
import java.util.Set;

/// Whether what a grouped view shows is the same whatever a session has set: it has columns,
/// numbers of rows and sums alone, and joins columns of one type.
///
/// A function that pins a setting pays for it at each call, about what it pays to write a row.
final class SettingFree {
  /// Types whose values can look different though they are equal, but not because of a setting.
  private static final Set<String> FIXED =
      Set.of("numeric", "text", "character varying", "character");

  private final ColumnTypes types;

  SettingFree(ColumnTypes types) {
    this.types = types;
  }

  /// @param plan of a view to which changes can be added
  boolean holds(DeltaPlan.Groups plan) {
    Select groups = plan.relation();
    return groups.conditions().isEmpty()
        && groups.outputs().stream().map(Output::value).allMatch(SettingFree::isColumn)
        && plan.aggregate().aggregates().map(Output::value).allMatch(SettingFree::isOfColumn)
        && isPlain(plan.aggregate().input());
  }

  /// Whether nothing but sums is computed of rows that are joined or grouped: so it cannot fail for
  /// one that came and went in the same transaction.
  boolean sumsAlone(DeltaPlan.Groups plan) {
    return plan.aggregate().aggregates().map(Output::value).allMatch(SettingFree::isOfColumn)
        && (plan.delta() instanceof Delta.Changes || isPlain(plan.aggregate().input()));
  }

  private static boolean isColumn(Expression expression) {
    return expression instanceof Expression.Column;
  }

  private static boolean isColumnOrStar(Expression expression) {
    return isColumn(expression) || expression instanceof Expression.Star;
  }

  private static boolean isOfColumn(Expression aggregate) {
    return aggregate instanceof Expression.Call call
        && call.arguments().stream().allMatch(argument -> isColumnOrStar(argument.value()))
        && (call.aggregation().filter() == null || isColumn(call.aggregation().filter()));
  }

  private boolean isPlain(Relation relation) {
    return switch (relation) {
      case Scan scan -> types.of(scan).stream().allMatch(SettingFree::looksTheSame);
      case Select select ->
          select.inputs().stream().allMatch(input -> isPlain(input.relation()))
              && select.outputs().stream().map(Output::value).allMatch(SettingFree::isColumn)
              && select.conditions().stream().allMatch(condition -> joins(select, condition));
      default -> false;
    };
  }

  private static boolean looksTheSame(ColumnType type) {
    return type.equalMeansSame() || FIXED.contains(type.type().replaceFirst("\\(.*", ""));
  }

  private boolean joins(Select select, Expression condition) {
    return condition
            instanceof Expression.Infix(var span, Expression left, var operator, Expression right)
        && operator.symbol().equals("=")
        && left instanceof Expression.Column a
        && right instanceof Expression.Column b
        && type(select, a).equals(type(select, b));
  }

  private String type(Select select, Expression.Column column) {
    Relation input =
        select.inputs().stream()
            .filter(one -> one.alias().equals(column.path().getFirst()))
            .findFirst()
            .orElseThrow()
            .relation();
    return types.of(input, column.path().getLast()).type();
  }
}
