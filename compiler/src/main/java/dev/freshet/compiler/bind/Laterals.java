package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.sql.Expression;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes joins of queries in FROM that use columns from around them, as LATERAL ones do: their rows
/// are computed for all outer rows at once.
final class Laterals {
  private final Binder binder;
  private final @Nullable Scope outer;

  Laterals(Binder binder, @Nullable Scope outer) {
    this.binder = binder;
    this.outer = outer;
  }

  /// A query in FROM.
  ///
  /// @param columns names for the first of its items
  record Derived(Subquery rows, String name, List<String> columns) {
    /// The values of a row under the names that the alias gives them.
    private Map<String, Expression> named(Map<String, Expression> values) {
      Map<String, Expression> named = new LinkedHashMap<>();
      values.forEach((name, value) ->
          named.put(named.size() < columns.size() ? columns.get(named.size()) : name, value));
      return named;
    }

    private Derived of(Subquery others) {
      return new Derived(others, name, columns);
    }

    /// As [Subquery#computed].
    Derived computed(Aliases aliases) {
      return of(rows.computed(aliases));
    }
  }

  /// The rows of a query, which belong to the items before it.
  Block rows(Derived derived, Scope before) {
    Subquery rows = found(derived, before).rows();
    Block block = new Block(new Scope(outer));
    if (rows.standsAlone()) {
      Input input = new Input(binder.aliases.unique(derived.name()), rows.relation());
      block.inputs.add(input);
      block.scope.add(derived.name(), input, derived.columns());
      return block;
    }
    block.inputs.addAll(rows.block().inputs);
    block.conditions.addAll(rows.block().conditions);
    block.correlated.addAll(rows.correlated());
    block.scope.add(derived.name(), derived.named(rows.items()));
    return block;
  }

  /// The query with a row wherever it has one, even if no rows belong to an outer row.
  Derived found(Derived derived, Scope before) {
    return derived.rows().isSingleRow()
        ? derived.of(beside(new Block(new Scope(outer)), derived.rows(), before))
        : derived;
  }

  /// The rows of a block, each with the only row of a subquery.
  private Subquery beside(Block left, Subquery subquery, Scope before) {
    Matching matching = new Matching(binder, MatchKind.LEFT, left, subquery.block(), before);
    Block joined = matching.join(subquery.correlated(), left.scope);
    Map<String, Expression> values = new LinkedHashMap<>(subquery.otherwise());
    values.replaceAll((name, value) -> matching.after(value));
    return new Subquery(joined, List.copyOf(joined.correlated), values, Map.of());
  }

  /// The rows to the left, each with the rows of a query.
  Block join(Block left, Derived derived, Scope before) {
    if (!derived.rows().isSingleRow()) {
      return left.join(rows(derived, before));
    }
    Subquery both = beside(left, derived.rows(), before);
    both.block().scope.add(derived.name(), derived.named(both.items()));
    return both.block();
  }
}
