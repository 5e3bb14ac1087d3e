package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which rows the passage of time can concern: those that a comparison with the clock has reached
/// since the last refresh. An index on what is compared finds them.
final class Passage {
  private static final Set<String> ORDER = Set.of("<", "<=", ">", ">=");

  private static final Set<String> ARITHMETIC = Set.of("+", "-", "*", "/");

  /// PostgreSQL's own functions that have an ordered result, NULL for NULL only.
  private static final Set<String> FUNCTIONS =
      Set.of("date_trunc", "date_bin", "timezone", "date", "make_interval", "date_part");

  private final String alias;
  private final String ticks;
  private final List<String> reached = new ArrayList<>();

  private Passage(String alias, String ticks) {
    this.alias = alias;
    this.ticks = ticks;
  }

  /// A condition that holds for every row whose place in the join depends on the time that has
  /// passed; empty if that can be any row.
  ///
  /// @param clock the place of the clock among the inputs
  /// @param ticks the table with the old and the new time
  static Optional<String> of(Select join, int clock, String ticks) {
    Passage passage = new Passage(join.inputs().get(clock).alias(), ticks);
    boolean compared =
        Stream.concat(join.conditions().stream(), join.outputs().stream().map(Output::value))
            .allMatch(passage::onlyCompares);
    return compared && !passage.reached.isEmpty()
        ? Optional.of("(" + String.join(" OR ", passage.reached) + ")")
        : Optional.empty();
  }

  /// Collects the comparisons with the clock; false if it is used in another way.
  private boolean onlyCompares(Expression expression) {
    Expression rest =
        Subexpressions.replace(
            expression,
            part -> {
              Optional<String> comparison = comparison(part);
              comparison.ifPresent(reached::add);
              return comparison.isPresent()
                  ? new Expression.Constant(part.span(), Expression.ConstantKind.NULL, "NULL")
                  : null;
            });
    return !uses(rest);
  }

  private Optional<String> comparison(Expression part) {
    if (!(part instanceof Expression.Infix(var span, Expression l, var operator, Expression r))
        || !(ORDER.contains(operator.sql()) || operator.sql().equals("="))
        || uses(l) == uses(r)) {
      return Optional.empty();
    }
    Expression time = uses(l) ? l : r;
    Expression compared = uses(l) ? r : l;
    boolean onlyTime =
        References.columns(time).stream().allMatch(c -> c.path().getFirst().equals(alias));
    return onlyTime && isBound(time)
        ? Optional.of(reached(SqlPrinter.print(compared), time))
        : Optional.empty();
  }

  /// Whether what a comparison has reached lies between two values of this: they are of an ordered
  /// type, and never NULL.
  private static boolean isBound(Expression time) {
    return switch (time) {
      case Expression.Column _, Expression.TypedConstant _ -> true;
      case Expression.Constant constant -> constant.kind() != Expression.ConstantKind.NULL;
      case Expression.Cast cast -> isBound(cast.operand());
      case Expression.AtTimeZone at -> isBound(at.operand()) && isBound(at.zone());
      case Expression.Infix(var span, Expression l, var operator, Expression r) ->
          ARITHMETIC.contains(operator.sql()) && isBound(l) && isBound(r);
      case Expression.Call call ->
          call.function().isBuiltIn()
              && FUNCTIONS.contains(call.function().name())
              && call.arguments().stream().allMatch(argument -> isBound(argument.value()));
      default -> false;
    };
  }

  private String reached(String compared, Expression time) {
    return Stream.of(">= (SELECT min", "<= (SELECT max")
        .map(bound ->
            "%s %s(%s) FROM %s AS %s)"
                .formatted(compared, bound, SqlPrinter.print(time), ticks, Quote.name(alias)))
        .collect(Collectors.joining(" AND ", "(", ")"));
  }

  private boolean uses(Expression expression) {
    return References.columns(expression).stream().anyMatch(c -> c.path().getFirst().equals(alias));
  }
}
