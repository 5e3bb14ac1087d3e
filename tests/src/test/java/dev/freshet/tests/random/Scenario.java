package dev.freshet.tests.random;

import dev.freshet.tests.random.change.Round;
import dev.freshet.tests.random.change.Transaction;
import dev.freshet.tests.random.table.Table;
import java.util.List;

/// Everything that happens in a random world.
///
/// @param beginning transactions before the views are created
record Scenario(
    List<Table> tables, List<Transaction> beginning, List<RandomView> views, List<Round> rounds) {

  Scenario withTables(List<Table> others) {
    return new Scenario(others, beginning, views, rounds);
  }

  Scenario withBeginning(List<Transaction> other) {
    return new Scenario(tables, other, views, rounds);
  }

  Scenario withViews(List<RandomView> others) {
    return new Scenario(tables, beginning, others, rounds);
  }

  Scenario withRounds(List<Round> others) {
    return new Scenario(tables, beginning, views, others);
  }
}
