package dev.freshet.tests.random;

import dev.freshet.tests.random.change.Change;
import dev.freshet.tests.random.change.Transaction;
import dev.freshet.tests.random.query.Shape;
import dev.freshet.tests.random.table.Table;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Scenarios without a table that no view reads, and without all that happens to it.
final class FewerTables {
  private FewerTables() {}

  static Stream<Scenario> than(Scenario scenario) {
    Set<String> read =
        scenario.views().stream()
            .flatMap(view -> Shape.tables(view.query()))
            .collect(Collectors.toSet());
    return scenario.tables().stream()
        .filter(table -> !read.contains(table.name()))
        .map(table -> without(scenario, table));
  }

  private static Scenario without(Scenario scenario, Table table) {
    Pattern name = Pattern.compile("\\b" + table.name() + "(_|\\b)");
    return new Scenario(
        scenario.tables().stream().filter(other -> !other.equals(table)).toList(),
        without(scenario.beginning(), name),
        scenario.views(),
        scenario.rounds().stream()
            .map(round -> round.withTransactions(without(round.transactions(), name)))
            .toList());
  }

  private static List<Transaction> without(List<Transaction> transactions, Pattern name) {
    return transactions.stream()
        .map(t ->
            new Transaction(
                t.changes().stream().filter(c -> !concerns(c, name)).toList(), t.ending()))
        .filter(transaction -> !transaction.changes().isEmpty())
        .toList();
  }

  private static boolean concerns(Change change, Pattern name) {
    return change.statements().stream().anyMatch(sql -> name.matcher(sql).find());
  }
}
