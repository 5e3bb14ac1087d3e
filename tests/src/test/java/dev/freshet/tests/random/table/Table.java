package dev.freshet.tests.random.table;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A random table.
///
/// @param keyed column `id` is its primary key
/// @param reference the foreign key of column `parent`, such as `t1 (id) ON DELETE CASCADE`
public record Table(
    String name, Kind kind, List<Column> columns, boolean keyed, Optional<String> reference) {

  /// How the rows of a table are stored.
  public enum Kind {
    PLAIN,
    /// By list of `a`, with a default partition.
    PARTITIONED,
    /// With a child that inherits from it.
    INHERITED
  }

  /// The statements that create it.
  public List<String> definition() {
    String columnList = columns.stream().map(this::columnText).collect(Collectors.joining(", "));
    return switch (kind) {
      case PLAIN -> List.of("CREATE TABLE %s (%s)".formatted(name, columnList));
      case PARTITIONED ->
          List.of(
              "CREATE TABLE %s (%s) PARTITION BY LIST (a)".formatted(name, columnList),
              "CREATE TABLE %1$s_low PARTITION OF %1$s FOR VALUES IN (0, 1)".formatted(name),
              "CREATE TABLE %1$s_rest PARTITION OF %1$s DEFAULT".formatted(name));
      case INHERITED ->
          List.of(
              "CREATE TABLE %s (%s)".formatted(name, columnList),
              "CREATE TABLE %1$s_child () INHERITS (%1$s)".formatted(name));
    };
  }

  private String columnText(Column column) {
    String text = column.definition();
    if (column.name().equals("id") && keyed) {
      return text + " PRIMARY KEY";
    }
    return column.name().equals("parent") && reference.isPresent()
        ? text + " REFERENCES " + reference.get()
        : text;
  }

  /// The same table without this column.
  public Table without(Column column) {
    return new Table(
        name, kind, columns.stream().filter(c -> !c.equals(column)).toList(), keyed, reference);
  }

  /// The tables that rows can be written to by name: itself, and those that hold a part of it.
  public List<String> writable() {
    return switch (kind) {
      case PLAIN -> List.of(name);
      case PARTITIONED -> List.of(name, name + "_rest");
      case INHERITED -> List.of(name, name + "_child");
    };
  }

  /// Columns other than the key and the reference.
  public List<Column> plainColumns() {
    return columns.stream()
        .filter(column -> !column.name().equals("id") && !column.name().equals("parent"))
        .toList();
  }
}
