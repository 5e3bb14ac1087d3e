package dev.freshet.compiler.bind;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.Schema.Trait;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.Locale;

/// Finds functions whose result does not follow from the data alone.
final class Functions {
  private final Schema schema;

  Functions(Schema schema) {
    this.schema = schema;
  }

  boolean has(Expression.Call call, Trait trait) {
    return schema.function(call.function()).has(trait);
  }

  void check(Expression expression) {
    Subexpressions.anyMatch(
        expression,
        part -> {
          checkOne(part);
          return false;
        });
  }

  /// Checks an expression apart from its parts.
  void checkOne(Expression part) {
    Declined.within(
        part.span(),
        () -> {
          switch (part) {
            case Expression.Keyword(var span, String text) -> checkKeyword(text);
            case Expression.Call call -> checkCall(call);
            default -> {}
          }
          return part;
        });
  }

  private static void checkKeyword(String text) {
    String word = text.toUpperCase(Locale.ROOT);
    if (word.startsWith("CURRENT_DATE")
        || word.startsWith("CURRENT_TIME")
        || word.startsWith("LOCALTIME")) {
      return;
    }
    if (word.startsWith("CURRENT_") || word.endsWith("USER")) {
      throw new Declined(text + " depends on who asks");
    }
  }

  private void checkCall(Expression.Call call) {
    String name = call.function().name();
    if (name.equals("statement_timestamp")
        || (name.equals("age") && call.arguments().size() == 1)) {
      throw new Declined(SqlPrinter.print(call) + " changes with time");
    }
    Schema.FunctionTraits traits = schema.function(call.function());
    if (traits.has(Trait.VOLATILE)) {
      throw new Declined("function " + name + "() is volatile");
    }
    if (traits.has(Trait.USER_DEFINED) && traits.has(Trait.STABLE)) {
      throw new Declined(
          "function " + name + "() is not IMMUTABLE, so it may read tables that nobody watches");
    }
  }
}
