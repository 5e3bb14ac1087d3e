package dev.freshet.compiler.explain;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.sql.Expression;
import java.util.List;
import java.util.Optional;

/// What makes an operator dear, whatever indexes there are.
final class Expense {
  private Expense() {}

  /// An input that is compared with others, but by no equality: partners of changed rows are found
  /// only by looking at all its rows.
  static Optional<Input> unequal(Relation join, List<Expression> conditions) {
    List<Input> large =
        References.inputs(join).stream().filter(input -> !isSmall(input.relation())).toList();
    return large.stream()
        .skip(1)
        .filter(input -> conditions.stream().anyMatch(c -> compares(c, input)))
        .filter(input -> conditions.stream().noneMatch(c -> compares(c, input) && isEquality(c)))
        .findFirst();
  }

  /// Whether a condition is about this input and another one.
  private static boolean compares(Expression condition, Input input) {
    List<String> used =
        References.columns(condition).stream().map(c -> c.path().getFirst()).toList();
    return used.contains(input.alias()) && used.stream().anyMatch(a -> !a.equals(input.alias()));
  }

  private static boolean isEquality(Expression condition) {
    return condition instanceof Expression.Infix infix && infix.isEquality();
  }

  private static boolean isSmall(Relation relation) {
    return switch (relation) {
      case Relation.Clock clock -> true;
      case Relation.Rows rows -> true;
      case Relation.Constants constants -> true;
      case Aggregate aggregate -> aggregate.keys().isEmpty();
      case Select select -> select.inputs().stream().allMatch(i -> isSmall(i.relation()));
      case Relation.Scan scan -> false;
      case Relation.Match match -> false;
      case Relation.Union union -> false;
      case Relation.Window window -> false;
      case Relation.First first -> false;
      case Relation.Combine combine -> false;
    };
  }
}
