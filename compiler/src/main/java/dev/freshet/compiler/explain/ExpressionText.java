package dev.freshet.compiler.explain;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.List;
import java.util.Set;

/// Expressions for people: shorter than PostgreSQL's own spelling, which casts every constant.
final class ExpressionText {
  private static final Set<String> PLAIN =
      Set.of("integer", "bigint", "numeric", "double precision", "text");

  private ExpressionText() {}

  static String of(Expression expression) {
    String text = SqlPrinter.print(withoutCasts(unqualified(expression)));
    return encloses(text) ? text.substring(1, text.length() - 1) : text;
  }

  /// Without the name of the only input.
  static Expression unqualified(Expression expression) {
    return Subexpressions.replace(
        expression,
        part ->
            part instanceof Expression.Column(var span, var path) && path.getFirst().equals("i")
                ? new Expression.Column(span, List.of(path.getLast()))
                : null);
  }

  private static Expression withoutCasts(Expression expression) {
    return Subexpressions.replace(
        expression,
        part ->
            part instanceof Expression.Cast(var span, Expression.Constant constant, var type)
                    && PLAIN.contains(type.text())
                ? constant
                : null);
  }

  private static boolean encloses(String text) {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
      if (depth == 0 && i < text.length() - 1) {
        return false;
      }
    }
    return text.startsWith("(") && depth == 0;
  }
}
