package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.TypeName;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Writes everything that tells the time as a function of one column: the time of the transaction.
final class Clocks {
  private static final Set<String> KEYWORDS =
      Set.of("CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIMESTAMP", "LOCALTIME");

  private Clocks() {}

  /// Whether an expression tells the time of the transaction.
  static boolean tells(Expression part) {
    return switch (part) {
      case Expression.Call call -> isNow(call);
      case Expression.Keyword(var span, String text) ->
          KEYWORDS.contains(text.toUpperCase(Locale.ROOT));
      default -> false;
    };
  }

  /// What an expression that tells the time becomes; empty for any other.
  ///
  /// @param now the column, asked for only if it is needed
  static Optional<Expression> replace(Expression part, Supplier<Expression> now) {
    return switch (part) {
      case Expression.Call call when isNow(call) -> Optional.of(now.get());
      case Expression.Keyword(var span, String text) -> keyword(span, text, now);
      default -> Optional.empty();
    };
  }

  private static boolean isNow(Expression.Call call) {
    String name = call.function().name();
    return call.function().isBuiltIn()
        && (name.equals("now") || name.equals("transaction_timestamp"));
  }

  private static Optional<Expression> keyword(Span span, String text, Supplier<Expression> now) {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "CURRENT_TIMESTAMP" -> Optional.of(now.get());
      case "CURRENT_DATE" -> Optional.of(cast(span, now, "date"));
      case "CURRENT_TIME" -> Optional.of(cast(span, now, "time with time zone"));
      case "LOCALTIMESTAMP" -> Optional.of(cast(span, now, "timestamp without time zone"));
      case "LOCALTIME" -> Optional.of(cast(span, now, "time without time zone"));
      default -> throw new Declined(text + " changes with time");
    };
  }

  private static Expression cast(Span span, Supplier<Expression> now, String type) {
    return new Expression.Cast(span, now.get(), new TypeName(span, type));
  }
}
