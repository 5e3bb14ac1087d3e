package dev.freshet.compiler.sql;

import dev.freshet.compiler.sql.Expression.Aggregation;
import dev.freshet.compiler.sql.Expression.Argument;
import dev.freshet.compiler.sql.Expression.Call;
import dev.freshet.compiler.sql.Expression.Case;
import dev.freshet.compiler.sql.Expression.Column;
import dev.freshet.compiler.sql.Expression.Operation;
import dev.freshet.compiler.sql.Expression.Over;
import dev.freshet.compiler.sql.Expression.Selection;
import dev.freshet.compiler.sql.Expression.Step;
import dev.freshet.compiler.sql.Query.SortKey;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Prints expressions; those with an operator in parentheses, the others without.
final class ExpressionPrinter {
  private ExpressionPrinter() {}

  static String print(Expression expression) {
    return switch (expression) {
      case Column(var span, var path) -> path(path);
      case Expression.Star(var span, var qualifier) ->
          qualifier.isEmpty() ? "*" : path(qualifier) + ".*";
      case Expression.Constant(var span, var kind, String text) -> text;
      case Expression.TypedConstant(var span, TypeName type, String value, String fields) ->
          type.text() + " " + value + (fields.isEmpty() ? "" : " " + fields);
      case Expression.Keyword(var span, String text) -> text;
      case Call call -> print(call);
      case Expression.Construct(var span, String keyword, var arguments) ->
          keyword + "(" + list(arguments) + ")";
      case Expression.Row(var span, boolean explicit, var elements) ->
          (explicit ? "ROW(" : "(") + list(elements) + ")";
      case Expression.Elements(var span, boolean all, Expression array) ->
          (all ? "ALL (" : "ANY (") + print(array) + ")";
      case Expression.ElementsOfQuery(var span, boolean all, Query query) ->
          (all ? "ALL " : "ANY ") + subquery(query);
      case Expression.Exists(var span, Query query) -> "EXISTS " + subquery(query);
      case Expression.Scalar(var span, Query query) -> subquery(query);
      case Expression.ArrayOfQuery(var span, Query query) -> "ARRAY" + subquery(query);
      case Expression.ArrayOf(var span, var elements) -> "ARRAY[" + list(elements) + "]";
      case Case choice -> print(choice);
      case Expression.Cast(var span, Expression operand, TypeName type) ->
          "CAST(" + print(operand) + " AS " + type.text() + ")";
      case Selection selection -> print(selection);
      case Expression.Special(var span, Phrase phrase) -> SqlPrinter.print(phrase);
      case Operation operation -> "(" + print(operation) + ")";
    };
  }

  private static String print(Operation operation) {
    return switch (operation) {
      case Expression.Prefix(var span, Operator operator, Expression operand) ->
          operator.sql() + " " + print(operand);
      case Expression.Infix(var span, Expression left, Operator operator, Expression right) ->
          print(left) + " " + operator.sql() + " " + print(right);
      case Expression.And(var span, var operands) -> joined(operands, " AND ");
      case Expression.Or(var span, var operands) -> joined(operands, " OR ");
      case Expression.Not(var span, Expression operand) -> "NOT " + print(operand);
      case Expression.Is(var span, Expression operand, boolean negated, String property) ->
          print(operand) + (negated ? " IS NOT " : " IS ") + property;
      case Expression.IsDistinct(var span, Expression left, boolean negated, Expression right) ->
          print(left) + (negated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ") + print(right);
      case Expression.Between between -> print(between);
      case Expression.InList(var span, Expression operand, boolean negated, var elements) ->
          print(operand) + not(negated) + " IN (" + list(elements) + ")";
      case Expression.InQuery(var span, Expression operand, boolean negated, Query query) ->
          print(operand) + not(negated) + " IN " + subquery(query);
      case Expression.Like like -> print(like);
      case Expression.Collate(var span, Expression operand, QualifiedName collation) ->
          print(operand) + " COLLATE " + collation.sql();
      case Expression.AtTimeZone(var span, Expression operand, Expression zone) ->
          print(operand) + " AT TIME ZONE " + print(zone);
      case Expression.Overlaps(var span, var left, var right) ->
          "(" + list(left) + ") OVERLAPS (" + list(right) + ")";
    };
  }

  private static String print(Expression.Between between) {
    return print(between.operand())
        + not(between.negated())
        + (between.symmetric() ? " BETWEEN SYMMETRIC " : " BETWEEN ")
        + print(between.low())
        + " AND "
        + print(between.high());
  }

  private static String print(Expression.Like like) {
    return print(like.operand())
        + not(like.negated())
        + " "
        + like.kind()
        + " "
        + print(like.pattern())
        + (like.escape() == null ? "" : " ESCAPE " + print(like.escape()));
  }

  private static String print(Call call) {
    Aggregation aggregation = call.aggregation();
    StringBuilder sql = new StringBuilder(call.function().sql()).append('(');
    sql.append(aggregation.distinct() ? "DISTINCT " : "");
    sql.append(SqlPrinter.list(call.arguments(), ExpressionPrinter::print));
    sql.append(orderBy(" ORDER BY ", aggregation.orderBy(), ""));
    sql.append(')');
    sql.append(orderBy(" WITHIN GROUP (ORDER BY ", aggregation.withinGroup(), ")"));
    if (aggregation.filter() != null) {
      sql.append(" FILTER (WHERE ").append(print(aggregation.filter())).append(')');
    }
    return sql.append(print(call.over())).toString();
  }

  private static String print(Argument argument) {
    String name = argument.name() == null ? "" : Quote.name(argument.name()) + " => ";
    return (argument.variadic() ? "VARIADIC " : "") + name + print(argument.value());
  }

  private static String orderBy(String before, List<SortKey> keys, String after) {
    return keys.isEmpty() ? "" : before + SqlPrinter.list(keys, SqlPrinter::print) + after;
  }

  private static String print(@Nullable Over over) {
    return switch (over) {
      case null -> "";
      case Over.Named(String window) -> " OVER " + Quote.name(window);
      case Over.Inline(Query.Window window) -> " OVER " + SqlPrinter.print(window);
    };
  }

  private static String print(Case choice) {
    StringBuilder sql = new StringBuilder("CASE");
    if (choice.operand() != null) {
      sql.append(' ').append(print(choice.operand()));
    }
    for (Expression.When branch : choice.branches()) {
      sql.append(" WHEN ").append(print(branch.condition()));
      sql.append(" THEN ").append(print(branch.result()));
    }
    if (choice.otherwise() != null) {
      sql.append(" ELSE ").append(print(choice.otherwise()));
    }
    return sql.append(" END").toString();
  }

  private static String print(Selection selection) {
    String base = print(selection.base());
    boolean bare = selection.base() instanceof Column && !isField(selection.steps().getFirst());
    return (bare ? base : "(" + base + ")")
        + selection.steps().stream().map(ExpressionPrinter::print).collect(Collectors.joining());
  }

  private static boolean isField(Step step) {
    return switch (step) {
      case Step.Field field -> true;
      case Step.AllFields all -> true;
      case Step.Element element -> false;
      case Step.Slice slice -> false;
    };
  }

  private static String print(Step step) {
    return switch (step) {
      case Step.Field(String name) -> "." + Quote.name(name);
      case Step.AllFields() -> ".*";
      case Step.Element(Expression index) -> "[" + print(index) + "]";
      case Step.Slice(Expression from, Expression to) ->
          "[" + (from == null ? "" : print(from)) + ":" + (to == null ? "" : print(to)) + "]";
    };
  }

  private static String path(List<String> path) {
    return path.stream().map(Quote::name).collect(Collectors.joining("."));
  }

  private static String subquery(Query query) {
    return "(" + SqlPrinter.print(query) + ")";
  }

  private static String list(List<Expression> expressions) {
    return SqlPrinter.list(expressions, ExpressionPrinter::print);
  }

  private static String joined(List<Expression> operands, String word) {
    return operands.stream().map(ExpressionPrinter::print).collect(Collectors.joining(word));
  }

  private static String not(boolean negated) {
    return negated ? " NOT" : "";
  }
}
