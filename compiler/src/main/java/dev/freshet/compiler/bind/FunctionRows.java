package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Rows;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.FromItem;
import dev.freshet.compiler.sql.FromItem.ColumnDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds functions in FROM.
record FunctionRows(Binder binder, Names names, @Nullable Scope outer) {

  /// The rows, beside what is needed to compute them: the time, the rows of subqueries.
  ///
  /// @param before what the functions can refer to
  Block bind(FromItem.Functions item, Scope before, Rows.Form form) {
    if (item.rowsFrom()) {
      throw new Declined("ROWS FROM");
    }
    Block needed = new Block(new Scope(before));
    Where where = new Where(binder, names, needed);
    List<FromItem.Function> calls =
        item.functions().stream()
            .map(f -> new FromItem.Function(where.value(f.call()), f.columns()))
            .toList();
    if (form == Rows.Form.OUTER_JOINED && !needed.inputs.isEmpty()) {
      throw new Declined("a clock or subquery in a function to the right of LEFT JOIN");
    }
    String name = name(item);
    String unique = binder.aliases.unique(name);
    Rows rows = rows(item, calls, unique, name, form);
    Input input = new Input(unique, rows);
    Block block = new Block(new Scope(outer));
    block.inputs.addAll(needed.inputs);
    block.conditions.addAll(needed.conditions);
    block.correlated.addAll(needed.correlated);
    block.inputs.add(input);
    block.scope.add(name, input, rows.columns().stream().map(Column::name).toList());
    return block;
  }

  private static Rows rows(
      FromItem.Functions item,
      List<FromItem.Function> calls,
      String unique,
      String name,
      Rows.Form form) {
    FromItem.Alias alias = item.alias();
    List<ColumnDefinition> definitions = alias == null ? List.of() : alias.definitions();
    List<String> columns = columns(item, name);
    FromItem.Alias own =
        new FromItem.Alias(unique, definitions.isEmpty() ? columns : List.of(), definitions);
    return new Rows(
        new FromItem.Functions(item.span(), true, false, calls, item.ordinality(), own),
        form,
        columns.stream().map(column -> new Column(column, false)).toList());
  }

  private static List<String> columns(FromItem.Functions item, String name) {
    FromItem.Alias alias = item.alias();
    if (alias != null && !alias.definitions().isEmpty()) {
      return alias.definitions().stream().map(ColumnDefinition::name).toList();
    }
    if (alias != null && !alias.columns().isEmpty()) {
      return alias.columns();
    }
    return item.ordinality() ? List.of(name, "ordinality") : List.of(name);
  }

  private static String name(FromItem.Functions item) {
    if (item.alias() != null && item.alias().name() != null) {
      return item.alias().name();
    }
    return item.functions().getFirst().call() instanceof Expression.Call call
        ? call.function().name()
        : "f";
  }
}
