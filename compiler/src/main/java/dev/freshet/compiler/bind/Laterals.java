package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.FromItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes joins of LATERAL subqueries: their rows are computed for all outer rows at once.
final class Laterals {
  private final Binder binder;
  private final Names names;
  private final @Nullable Scope outer;

  Laterals(Binder binder, Names names, @Nullable Scope outer) {
    this.binder = binder;
    this.names = names;
    this.outer = outer;
  }

  /// @param before the items that it can refer to
  Subquery bind(FromItem.Subquery item, Scope before) {
    return binder.subquery(item.query(), names, before);
  }

  /// The rows of a subquery that only has rows for outer rows to which they belong.
  Block rows(Subquery subquery, FromItem.Subquery item) {
    if (subquery.isSingleRow()) {
      throw new Declined("a LATERAL aggregate without GROUP BY in this place");
    }
    Block block = new Block(new Scope(outer));
    block.inputs.addAll(subquery.block().inputs);
    block.conditions.addAll(subquery.block().conditions);
    block.correlated.addAll(subquery.correlated());
    block.scope.add(nameOf(item), named(item, subquery.items()));
    return block;
  }

  /// The rows to the left, each with the rows of a subquery.
  Block join(Block left, Subquery subquery, FromItem.Subquery item) {
    if (!subquery.isSingleRow()) {
      left.join(rows(subquery, item));
      return left;
    }
    Matching matching = new Matching(binder, MatchKind.LEFT, left, subquery.block());
    Block joined = matching.join(subquery.correlated(), left.scope);
    Map<String, Expression> values = new LinkedHashMap<>(subquery.otherwise());
    values.replaceAll((name, value) -> matching.after(value));
    joined.scope.add(nameOf(item), named(item, values));
    return joined;
  }

  static String nameOf(FromItem.Subquery item) {
    FromItem.Alias alias = item.alias();
    return alias == null || alias.name() == null ? "q" : alias.name();
  }

  /// The values under the names that the alias gives them.
  private static Map<String, Expression> named(
      FromItem.Subquery item, Map<String, Expression> values) {
    List<String> names = item.alias() == null ? List.of() : item.alias().columns();
    Map<String, Expression> named = new LinkedHashMap<>();
    values.forEach((name, value) ->
        named.put(named.size() < names.size() ? names.get(named.size()) : name, value));
    return named;
  }
}
