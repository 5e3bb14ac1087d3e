package dev.freshet.tests.random;

import dev.freshet.tests.random.change.Change;
import dev.freshet.tests.random.change.Transaction;
import dev.freshet.tests.random.change.Transaction.Ending;
import dev.freshet.tests.random.table.Column;
import dev.freshet.tests.random.table.Table;
import java.util.List;
import java.util.stream.Collectors;

/// Rows that come and go again, and leave a table as it was.
final class NoChange {
  /// Larger than all keys of random tables.
  private static final int FREE_KEY = 100_000;

  private NoChange() {}

  /// Inserts every row of a table once more.
  static Transaction insertion(Table table) {
    String columns = table.columns().stream().map(Column::name).collect(Collectors.joining(", "));
    String values = table.keyed() ? columns.replaceFirst("^id", "id + " + FREE_KEY) : columns;
    return transaction(
        "SELECT set_config('test.inserted_by', (pg_current_xact_id()::text::bigint & 4294967295)::text, false)",
        "INSERT INTO %1$s (%2$s) SELECT %3$s FROM %1$s".formatted(table.name(), columns, values));
  }

  /// Deletes what the latest [#insertion] has inserted.
  static Transaction deletion(Table table) {
    return transaction(
        "DELETE FROM %s WHERE xmin::text = current_setting('test.inserted_by')"
            .formatted(table.name()));
  }

  private static Transaction transaction(String... statements) {
    return new Transaction(
        List.of(statements).stream().<Change>map(Change.Statement::new).toList(), Ending.COMMIT);
  }
}
