package dev.freshet.tests.random.change;

import dev.freshet.tests.random.table.Column;
import dev.freshet.tests.random.table.DataType;
import dev.freshet.tests.random.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/// Literals for the columns of random tables.
final class Rows {
  private static final int KEYS = 20;

  private final Random random;

  Rows(Random random) {
    this.random = random;
  }

  Change.Insert insert(Table table, String target, int count, String conflict) {
    List<List<String>> rows = new ArrayList<>();
    int firstKey = random.nextInt(KEYS);
    for (int i = 0; i < count; i++) {
      rows.add(row(table, (firstKey + i) % Math.max(KEYS, count)));
    }
    List<String> columns = table.columns().stream().map(Column::name).toList();
    return new Change.Insert(target, columns, rows, conflict);
  }

  List<String> row(Table table, int key) {
    return table.columns().stream().map(column -> value(column, key)).toList();
  }

  private String value(Column column, int key) {
    return switch (column.name()) {
      case "id" -> String.valueOf(key);
      case "parent" -> existingKey();
      default -> value(column);
    };
  }

  String value(Column column) {
    DataType type = column.type();
    return column.required() ? type.value(random) : type.valueOrNull(random);
  }

  private String existingKey() {
    return "(SELECT id FROM t1 ORDER BY id OFFSET %d LIMIT 1)".formatted(random.nextInt(8));
  }

  /// A condition that some rows meet.
  String condition(Table table) {
    Column column = pick(table.plainColumns());
    String value = column.type().value(random);
    return switch (random.nextInt(5)) {
      case 0 -> column.name() + " IS NULL";
      case 1 -> column.name() + " <> " + value;
      default -> column.name() + " = " + value;
    };
  }

  /// All columns, in an order that no two different rows share.
  static String order(Table table) {
    return table.columns().stream()
        .map(column -> column.name() + "::text")
        .collect(Collectors.joining(", "));
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
