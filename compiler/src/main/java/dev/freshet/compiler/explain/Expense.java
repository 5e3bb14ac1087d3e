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

  /// An input of a join with no equality by which the partners of changed rows could be found.
  static Optional<Input> unequal(Select join) {
    List<Input> large = join.inputs().stream().filter(input -> !isSmall(input.relation())).toList();
    return large.size() < 2
        ? Optional.empty()
        : large.stream().skip(1).filter(input -> !hasEquality(join, input)).findFirst();
  }

  private static boolean hasEquality(Select join, Input input) {
    return join.conditions().stream()
        .filter(Expression.Infix.class::isInstance)
        .map(Expression.Infix.class::cast)
        .filter(condition -> condition.operator().symbol().equals("="))
        .map(condition ->
            References.columns(condition).stream().map(c -> c.path().getFirst()).toList())
        .anyMatch(used ->
            used.contains(input.alias()) && used.stream().anyMatch(a -> !a.equals(input.alias())));
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
