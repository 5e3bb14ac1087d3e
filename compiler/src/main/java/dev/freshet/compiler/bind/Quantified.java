package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operator;
import dev.freshet.compiler.sql.Operators;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// A question about all rows of a subquery: EXISTS, IN, ANY, ALL, and their negations.
///
/// @param operands what rows are compared with; empty for EXISTS
/// @param all whether every row must compare, or any
/// @param negated whether the answer is the opposite
record Quantified(
    Span span,
    List<Expression> operands,
    Operator operator,
    boolean all,
    boolean negated,
    Query query) {
  private static final Set<String> COMPARISONS = Set.of("=", "<>", "<", "<=", ">", ">=");

  /// The question that an expression asks at its root of tables; empty if it asks none.
  static Optional<Quantified> of(Expression expression) {
    return RowQuery.is(expression) ? Optional.empty() : question(expression);
  }

  private static Optional<Quantified> question(Expression expression) {
    return switch (expression) {
      case Expression.Exists(var span, Query query) ->
          Optional.of(
              new Quantified(span, List.of(), Operators.EQUAL, false, false, query.asExistence()));
      case Expression.InQuery(var span, Expression operand, boolean negated, Query query) ->
          Optional.of(
              new Quantified(span, parts(operand), Operators.EQUAL, false, negated, query.asSet()));
      case Expression.Infix(
              var span,
              Expression left,
              Operator operator,
              Expression.ElementsOfQuery(var inner, boolean all, Query query)) ->
          Optional.of(new Quantified(span, parts(left), operator, all, false, query.asSet()));
      case Expression.Infix(
              var span,
              Expression left,
              Operator operator,
              Expression.Elements(
                  var inner,
                  boolean all,
                  Expression.ArrayOfQuery(var array, Query query))) ->
          Optional.of(new Quantified(span, List.of(left), operator, all, false, query.asSet()));
      case Expression.Not(var span, Expression operand) -> of(operand).map(Quantified::not);
      default -> Optional.empty();
    };
  }

  private static List<Expression> parts(Expression operand) {
    return operand instanceof Expression.Row(var span, var explicit, var elements)
        ? elements
        : List.of(operand);
  }

  private Quantified not() {
    return new Quantified(span, operands, operator, all, !negated, query);
  }

  /// Whether the subquery aggregates all rows: then it may have exactly one row.
  boolean aggregatesAll(Predicate<Expression> isAggregate) {
    return query.body() instanceof Query.Select select
        && select.grouping().elements().isEmpty()
        && select.projection().items().stream()
            .anyMatch(item -> Subexpressions.anyMatch(item.value(), isAggregate));
  }

  /// The question as one about the only row of the subquery.
  Expression ofOneRow() {
    if (operands.size() > 1) {
      throw new Declined("a comparison of rows with those of a correlated aggregate");
    }
    Expression answer =
        operands.isEmpty()
            ? Operators.constant(true)
            : new Expression.Infix(
                span, operands.getFirst(), operator, new Expression.Scalar(span, query));
    return negated ? new Expression.Not(span, answer) : answer;
  }

  /// Whether the answer is true if some row decides it, rather than if none does.
  boolean byExistence() {
    return all == negated;
  }

  /// Whether values that are not NULL compare as true or false.
  boolean isStrict() {
    return COMPARISONS.contains(operator.symbol());
  }

  /// Which rows decide that it is true of any row, or not of all.
  Expression settling(Expression comparison) {
    return all ? Operators.is(comparison, "FALSE") : comparison;
  }

  /// Which rows decide that the answer is true, or is not: see [#byExistence].
  ///
  /// @param known no value that is compared is NULL
  Expression deciding(Expression comparison, boolean known) {
    if (all) {
      return negated ? Operators.is(comparison, "FALSE") : Operators.isNot(comparison, "TRUE");
    }
    return negated && !known ? Operators.isNot(comparison, "FALSE") : comparison;
  }

  /// The comparison with one row of the subquery.
  ///
  /// @param left the values of the operands
  Expression comparison(List<Expression> left, List<Expression> right) {
    boolean equality = operator.sql().equals("=");
    if (left.size() != right.size() || (left.size() > 1 && !equality)) {
      throw new Declined("a comparison of rows with those of a subquery by " + operator.sql());
    }
    List<Expression> pairs = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      pairs.add(new Expression.Infix(span, left.get(i), operator, right.get(i)));
    }
    return pairs.size() == 1 ? pairs.getFirst() : new Expression.And(span, pairs);
  }
}
