package dev.freshet.compiler.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What all alternatives of an OR ask for. PostgreSQL finds it in the query, but not in a change
/// log, whose rows are staged before they are joined.
///
/// Before: `a.x = b.x AND a.y = 1 OR a.x = b.x AND a.y = 2 AND b.z = 3`. After: `a.x = b.x AND (a.y
/// = 1 OR a.y = 2 AND b.z = 3)`; and so `a.y = 1 OR a.y = 2`, whatever `b` is.
public final class Alternatives {
  private Alternatives() {}

  /// A condition as several: what each alternative has, and the alternatives without that.
  public static Stream<Expression> factored(Expression condition) {
    if (!(condition instanceof Expression.Or(var span, var operands))) {
      return Stream.of(condition);
    }
    List<List<Expression>> arms = operands.stream().map(Alternatives::conjuncts).toList();
    List<Expression> common =
        arms.getFirst().stream().filter(c -> arms.stream().allMatch(arm -> has(arm, c))).toList();
    if (common.isEmpty()) {
      return Stream.of(condition);
    }
    List<Expression> rest = new ArrayList<>();
    for (List<Expression> arm : arms) {
      List<Expression> own = arm.stream().filter(c -> !has(common, c)).toList();
      if (own.isEmpty()) {
        return common.stream(); // nothing more is asked for by this alternative
      }
      rest.add(all(own));
    }
    return Stream.concat(common.stream(), Stream.of(new Expression.Or(span, rest)));
  }

  /// What follows from a condition for something that only some of its parts concern; empty if an
  /// alternative has no such part.
  public static Optional<Expression> implied(Expression condition, Predicate<Expression> concerns) {
    if (!(condition instanceof Expression.Or(var span, var operands))) {
      return Optional.empty();
    }
    List<Expression> arms = new ArrayList<>();
    for (Expression operand : operands) {
      List<Expression> own = conjuncts(operand).stream().filter(concerns).toList();
      if (own.isEmpty()) {
        return Optional.empty();
      }
      arms.add(all(own));
    }
    return Optional.of(new Expression.Or(span, arms));
  }

  private static Expression all(List<Expression> conjuncts) {
    return conjuncts.size() == 1
        ? conjuncts.getFirst()
        : new Expression.And(conjuncts.getFirst().span(), conjuncts);
  }

  private static List<Expression> conjuncts(Expression condition) {
    return condition instanceof Expression.And(var span, var operands)
        ? operands.stream().flatMap(operand -> conjuncts(operand).stream()).toList()
        : List.of(condition);
  }

  /// By their text: equal expressions stand at different places.
  private static boolean has(List<Expression> expressions, Expression wanted) {
    Set<String> texts = expressions.stream().map(SqlPrinter::print).collect(Collectors.toSet());
    return texts.contains(SqlPrinter.print(wanted));
  }
}
