package dev.freshet.tests.random;

import dev.freshet.tests.random.change.Change;
import dev.freshet.tests.random.change.Round;
import dev.freshet.tests.random.change.Transaction;
import dev.freshet.tests.random.table.Column;
import dev.freshet.tests.random.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Scenarios in which a table has a column less. Other statements than INSERT may still name it;
/// such a scenario then fails in another way.
final class FewerColumns {
  private FewerColumns() {}

  static Stream<Scenario> than(Scenario scenario) {
    return scenario.tables().stream()
        .flatMap(
            table -> table.plainColumns().stream().map(column -> without(scenario, table, column)));
  }

  private static Scenario without(Scenario scenario, Table table, Column column) {
    List<Table> tables = new ArrayList<>(scenario.tables());
    tables.replaceAll(other -> other.equals(table) ? table.without(column) : other);
    return new Scenario(
        List.copyOf(tables),
        transactions(scenario.beginning(), table, column),
        scenario.views(),
        scenario.rounds().stream().map(round -> round(round, table, column)).toList());
  }

  private static Round round(Round round, Table table, Column column) {
    return round.withTransactions(transactions(round.transactions(), table, column));
  }

  private static List<Transaction> transactions(
      List<Transaction> transactions, Table table, Column column) {
    return transactions.stream()
        .map(t -> new Transaction(changes(t.changes(), table, column), t.ending()))
        .toList();
  }

  private static List<Change> changes(List<Change> changes, Table table, Column column) {
    return changes.stream().map(change -> change(change, table, column)).toList();
  }

  private static Change change(Change change, Table table, Column column) {
    return switch (change) {
      case Change.Insert insert when table.writable().contains(insert.table()) ->
          insert.without(column.name());
      case Change.Insert _, Change.Statement _ -> change;
      case Change.Undone(var changes) -> new Change.Undone(changes(changes, table, column));
    };
  }
}
