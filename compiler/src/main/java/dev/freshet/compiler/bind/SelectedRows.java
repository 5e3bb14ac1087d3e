package dev.freshet.compiler.bind;

import dev.freshet.compiler.Schema.Trait;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Rows;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.FromItem;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Functions in a select list that return several rows.
///
/// Before: `SELECT id, unnest(tags) FROM t`. After: `SELECT id, r.x FROM t, LATERAL (SELECT
/// unnest(tags) AS x) r`: nothing that asks for some of the rows reaches the function itself.
final class SelectedRows {
  private static final Span NOWHERE = new Span(0, 0);

  private final Binder binder;
  private final String alias;
  private final Map<String, Expression> calls = new LinkedHashMap<>();

  SelectedRows(Binder binder) {
    this.binder = binder;
    this.alias = binder.aliases.unique("r");
  }

  /// A value that is selected, over a column instead of such a function.
  Expression value(Expression selected) {
    return Subexpressions.replace(selected, part -> returnsRows(part) ? column(part) : null);
  }

  /// Adds the rows of the functions in all these values.
  void addTo(Block block) {
    if (!calls.isEmpty()) {
      block.inputs.add(input());
    }
  }

  private boolean returnsRows(Expression part) {
    return part instanceof Expression.Call call && binder.functions.has(call, Trait.SET_RETURNING);
  }

  private Expression column(Expression call) {
    return Scope.column(alias, Binder.nameOf(call, calls));
  }

  private Input input() {
    List<FromItem.Function> functions =
        calls.values().stream().map(call -> new FromItem.Function(call, List.of())).toList();
    FromItem.Alias named = new FromItem.Alias(alias, List.copyOf(calls.keySet()), List.of());
    FromItem.Functions call =
        new FromItem.Functions(NOWHERE, true, functions.size() > 1, functions, false, named);
    List<Column> columns = calls.keySet().stream().map(name -> new Column(name, false)).toList();
    return new Input(alias, new Rows(call, Rows.Form.SELECTED, columns));
  }
}
