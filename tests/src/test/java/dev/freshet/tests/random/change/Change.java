package dev.freshet.tests.random.change;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A part of a transaction.
public sealed interface Change {
  /// INSERT with rows of literals.
  ///
  /// @param conflict what follows the rows, such as ON CONFLICT DO NOTHING
  record Insert(String table, List<String> columns, List<List<String>> rows, String conflict)
      implements Change {

    /// The same rows without this column.
    public Insert without(String column) {
      int place = columns.indexOf(column);
      return place < 0
          ? this
          : new Insert(
              table,
              without(columns, place),
              rows.stream().map(row -> without(row, place)).toList(),
              conflict);
    }

    private static <T> List<T> without(List<T> list, int place) {
      List<T> rest = new ArrayList<>(list);
      rest.remove(place);
      return List.copyOf(rest);
    }
  }

  /// Any statement.
  record Statement(String sql) implements Change {}

  /// Changes that are rolled back to a savepoint.
  record Undone(List<Change> changes) implements Change {}

  /// The statements in order.
  default List<String> statements() {
    return switch (this) {
      case Insert(String table, List<String> columns, List<List<String>> rows, String conflict) ->
          List.of(
              "INSERT INTO %s (%s) VALUES %s%s"
                  .formatted(table, String.join(", ", columns), values(rows), conflict));
      case Statement(String sql) -> List.of(sql);
      case Undone(List<Change> changes) -> {
        List<String> all = new ArrayList<>(List.of("SAVEPOINT s"));
        changes.forEach(change -> all.addAll(change.statements()));
        all.add("ROLLBACK TO SAVEPOINT s");
        yield all;
      }
    };
  }

  private static String values(List<List<String>> rows) {
    return rows.stream()
        .map(row -> "(" + String.join(", ", row) + ")")
        .collect(Collectors.joining(", "));
  }
}
