package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Operator;
import java.util.List;
import java.util.Set;

/// Tells which values are known to hold no NULL: so fewer cases are told apart where NULLs agree.
///
/// @param inputs whose columns may be used
/// @param conditions that hold for the rows
record NotNull(List<Input> inputs, List<Expression> conditions) {
  private static final Set<String> COMPARISONS = Set.of("=", "<>", "<", "<=", ">", ">=");

  /// PostgreSQL's own functions that return NULL for NULL only, whatever the type: not `lower`,
  /// which is NULL for an empty range.
  private static final Set<String> FUNCTIONS = Set.of("date_trunc", "btrim", "ltrim", "rtrim");

  boolean holds(Expression value) {
    return switch (value) {
      case Expression.Column column -> isStored(column) || isCompared(column);
      case Expression.Constant constant -> constant.kind() != Expression.ConstantKind.NULL;
      case Expression.TypedConstant _ -> true;
      case Expression.Cast cast ->
          cast.operand() instanceof Expression.Constant && holds(cast.operand());
      case Expression.Collate collate -> holds(collate.operand());
      case Expression.Construct construct ->
          construct.keyword().equals("COALESCE")
              && construct.arguments().stream().anyMatch(this::holds);
      case Expression.Call call ->
          call.function().isBuiltIn()
              && FUNCTIONS.contains(call.function().name())
              && call.arguments().stream().allMatch(argument -> holds(argument.value()));
      default -> false;
    };
  }

  private boolean isStored(Expression.Column column) {
    return inputs.stream()
        .filter(input -> input.alias().equals(column.path().getFirst()))
        .flatMap(input -> input.relation().columns().stream())
        .anyMatch(c -> c.notNull() && c.name().equals(column.path().getLast()));
  }

  /// Whether a condition is not true where the column is NULL.
  private boolean isCompared(Expression.Column column) {
    return conditions.stream()
        .anyMatch(condition ->
            switch (condition) {
              case Expression.Infix(var span, var left, Operator operator, var right) ->
                  operator.schema() == null
                      && COMPARISONS.contains(operator.symbol())
                      && ((is(left, column) && !isAll(right)) || is(right, column));
              case Expression.Is is ->
                  is.negated() && is.property().equals("NULL") && is(is.operand(), column);
              case Expression.Between between -> is(between.operand(), column);
              case Expression.InList in -> is(in.operand(), column);
              default -> false;
            });
  }

  /// `ALL` is true of an empty array.
  private static boolean isAll(Expression right) {
    return right instanceof Expression.Elements elements && elements.all();
  }

  private static boolean is(Expression value, Expression.Column column) {
    return value instanceof Expression.Column other && other.path().equals(column.path());
  }
}
