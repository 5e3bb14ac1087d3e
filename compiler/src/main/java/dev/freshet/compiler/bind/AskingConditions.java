package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.FromItem.Join;
import dev.freshet.compiler.sql.FromItem.JoinCondition;
import dev.freshet.compiler.sql.FromItem.JoinKind;
import dev.freshet.compiler.sql.QueryExpressions;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.List;

/// What the condition of a join asks a clock or other tables. An inner join asks it as WHERE does;
/// an outer join asks it of the side that it does not keep, before it joins.
record AskingConditions(Binder binder, Names names, List<Expression> conditions) {

  static AskingConditions of(Join join, Binder binder, Names names) {
    List<Expression> conditions =
        join.condition() instanceof JoinCondition.On(Expression on)
            ? Block.conjuncts(on).stream().filter(Where::asks).toList()
            : List.of();
    return new AskingConditions(binder, names, conditions);
  }

  void addTo(Block block) {
    Where where = new Where(binder, names, block);
    conditions.forEach(where::addAll);
  }

  /// Leaves nothing to ask of an outer join; does nothing for an inner one.
  void fulfilOnOneSide(JoinKind kind, Block left, Block right) {
    if (kind == JoinKind.INNER) {
      return;
    }
    Scope kept = kind == JoinKind.RIGHT ? right.scope : left.scope;
    conditions.stream()
        .filter(condition -> kind == JoinKind.FULL || uses(condition, kept))
        .findFirst()
        .ifPresent(condition -> {
          throw new Declined(
              "a clock or subquery in an outer join's condition on both sides: "
                  + SqlPrinter.print(condition));
        });
    addTo(kind == JoinKind.RIGHT ? left : right);
  }

  /// Whether the condition, or a subquery in it, uses columns of these ranges.
  private static boolean uses(Expression condition, Scope scope) {
    return QueryExpressions.anyMatch(
        condition,
        part ->
            part instanceof Expression.Column(var span, var path)
                && path.size() > 1
                && scope.knows(path.get(path.size() - 2)));
  }
}
