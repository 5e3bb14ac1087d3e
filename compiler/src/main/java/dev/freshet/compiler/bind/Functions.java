package dev.freshet.compiler.bind;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.Schema.Trait;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.Locale;

/// Finds functions whose result does not follow from the data alone.
public final class Functions {
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
    if (call.function().isBuiltIn() && has(call, Trait.VOLATILE)) {
      throw new Declined("function " + name + "() is volatile");
    }
  }

  /// Declines a query that calls what the user does not promise to be IMMUTABLE.
  ///
  /// @param query as text, without a semicolon
  public static void requireImmutable(String query, Schema schema) {
    schema
        .mutableFunction(query)
        .ifPresent(function -> {
          throw new Declined(
              "function %s() is %s"
                  .formatted(
                      function.name(),
                      function.isVolatile()
                          ? "volatile"
                          : "not IMMUTABLE, so it may read tables that nobody watches"));
        });
  }
}
