package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Keys;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether it does not matter which of two rows comes first that are equal in an order: there are
/// no such rows, or they look the same.
final class TotalOrder {
  private final Relation input;
  private final List<ColumnType> types;
  private final Set<String> columns = new HashSet<>();

  TotalOrder(Relation input, List<String> keys, List<SortKey> order, List<ColumnType> types) {
    this.input = input;
    this.types = types;
    columns.addAll(keys);
    order.stream().filter(key -> key.using() == null).map(SortKey::value).forEach(this::add);
  }

  /// @param keys columns in which the ordered rows agree
  /// @param order over columns of `i`
  static boolean is(Relation input, List<String> keys, List<SortKey> order, ColumnTypes types) {
    TotalOrder total = new TotalOrder(input, keys, order, types.of(input));
    return total.tellsRowsApart() || total.tellsImagesApart();
  }

  /// Whether no two rows are equal in the order.
  boolean tellsRowsApart() {
    return Keys.isKey(input, columns);
  }

  private void add(Expression value) {
    if (value instanceof Expression.Column column) {
      columns.add(column.path().getLast());
    }
  }

  /// Whether rows that are equal in the order look the same.
  boolean tellsImagesApart() {
    Set<String> same =
        types.stream()
            .filter(type -> columns.contains(type.name()))
            .filter(type -> type.equalMeansSame() || hasText(type.name()))
            .map(ColumnType::name)
            .collect(Collectors.toSet());
    return types.stream().allMatch(type -> Keys.determines(input, same, type.name()));
  }

  /// Whether the rows are ordered by the text of a column too.
  private boolean hasText(String name) {
    return input instanceof Select select
        && valueOf(select, name)
            .map(SqlPrinter::print)
            .filter(value ->
                columns.stream()
                    .flatMap(column -> valueOf(select, column).stream())
                    .anyMatch(other -> isTextOf(other, value)))
            .isPresent();
  }

  private static boolean isTextOf(Expression text, String value) {
    return text instanceof Expression.Cast(var span, Expression operand, var type)
        && type.text().equals("text")
        && SqlPrinter.print(operand).equals(value);
  }

  private static Optional<Expression> valueOf(Select select, String name) {
    return select.outputs().stream()
        .filter(output -> output.column().name().equals(name))
        .map(Output::value)
        .findFirst();
  }
}
