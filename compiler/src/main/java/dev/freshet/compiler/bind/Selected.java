package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a SELECT computes from the rows of its FROM and WHERE.
///
/// @param items the select list by name
/// @param on the keys of DISTINCT ON
/// @param order where it decides which rows stay
record Selected(
    Map<String, Expression> items,
    List<Expression> on,
    List<SortKey> order,
    @Nullable Expression having) {

  /// The outermost such parts of all expressions.
  List<Expression> parts(Predicate<Expression> such) {
    List<Expression> parts = new ArrayList<>();
    Stream.of(
            items.values().stream(),
            on.stream(),
            order.stream().map(SortKey::value),
            Stream.ofNullable(having))
        .flatMap(s -> s)
        .forEach(expression ->
            replace(
                expression,
                such,
                part -> {
                  parts.add(part);
                  return part;
                }));
    return parts;
  }

  /// With a condition on groups.
  Selected with(@Nullable Expression condition) {
    return new Selected(items, on, order, condition);
  }

  /// With these parts replaced.
  Selected replaced(Predicate<Expression> such, UnaryOperator<Expression> replacement) {
    return with(expression -> replace(expression, such, replacement));
  }

  /// With all values replaced.
  Selected with(UnaryOperator<Expression> all) {
    Map<String, Expression> changed = new LinkedHashMap<>(items);
    changed.replaceAll((name, item) -> all.apply(item));
    return new Selected(
        changed,
        on.stream().map(all).toList(),
        order.stream().map(key -> Subexpressions.replace(key, all)).toList(),
        having == null ? null : all.apply(having));
  }

  private static Expression replace(
      Expression expression, Predicate<Expression> such, UnaryOperator<Expression> replacement) {
    return Subexpressions.replace(
        expression, part -> such.test(part) ? replacement.apply(part) : null);
  }
}
