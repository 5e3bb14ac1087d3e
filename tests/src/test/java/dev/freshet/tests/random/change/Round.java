package dev.freshet.tests.random.change;

import java.util.List;

/// Transactions, and then a refresh.
///
/// @param strategies how each view is refreshed, by its place; empty for one that is left out
public record Round(List<Transaction> transactions, List<String> strategies) {
  public Round withTransactions(List<Transaction> others) {
    return new Round(others, strategies);
  }

  /// True if something in it may empty a table without a trace of its rows.
  public boolean truncates() {
    return transactions.stream()
        .flatMap(transaction -> transaction.statements().stream())
        .anyMatch(sql -> sql.startsWith("TRUNCATE"));
  }
}
