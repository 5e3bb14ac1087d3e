package dev.freshet.tests.random.change;

import dev.freshet.tests.random.change.Transaction.Ending;
import dev.freshet.tests.random.table.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Makes the transactions of a random world, and keeps its tables small.
public final class History {
  private static final int FULL_TABLE = 14;
  private static final int ONLY_SOME = 10;

  private final Random random;
  private final List<Table> tables;
  private final ChangeGenerator changes;
  private final Map<String, Integer> sizes = new HashMap<>();

  /// @param merges the server knows MERGE
  public History(Random random, List<Table> tables, boolean merges) {
    this.random = random;
    this.tables = tables;
    this.changes = new ChangeGenerator(random, tables, merges);
  }

  /// A few rows for every table.
  public List<Transaction> beginning() {
    List<Change> inserts =
        tables.stream()
            .map(table -> noted(changes.insert(table, random.nextInt(FULL_TABLE))))
            .toList();
    return List.of(
        new Transaction(inserts.stream().filter(History::isFilled).toList(), Ending.COMMIT));
  }

  private static boolean isFilled(Change change) {
    return !(change instanceof Change.Insert insert) || !insert.rows().isEmpty();
  }

  /// What happens between two refreshes.
  ///
  /// @param strategy of most refreshes
  /// @param others strategies that some refreshes use
  public Round round(int views, String strategy, List<String> others) {
    List<Transaction> transactions = new ArrayList<>(trims());
    int count = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(3);
    boolean held = false;
    for (int i = 0; i < count; i++) {
      Transaction transaction = transaction(!held);
      held |= transaction.isHeld();
      transactions.add(transaction);
    }
    List<String> strategies = new ArrayList<>();
    for (int i = 0; i < views; i++) {
      strategies.add(strategy(strategy, others));
    }
    return new Round(transactions, strategies);
  }

  private String strategy(String usual, List<String> others) {
    return switch (random.nextInt(ONLY_SOME)) {
      case 0 -> "";
      case 1 -> random.nextInt(3) > 0 ? usual : others.get(random.nextInt(others.size()));
      default -> usual;
    };
  }

  private List<Transaction> trims() {
    List<Change> trims = new ArrayList<>();
    for (Table table : tables) {
      if (sizes.getOrDefault(table.name(), 0) > FULL_TABLE) {
        trims.add(changes.trim(table));
        sizes.put(table.name(), FULL_TABLE / 2);
      }
    }
    return trims.isEmpty() ? List.of() : List.of(new Transaction(trims, Ending.COMMIT));
  }

  private Transaction transaction(boolean mayBeHeld) {
    List<Change> list = new ArrayList<>(isolation());
    if (random.nextInt(8) == 0) {
      list.addAll(changes.deleteEverywhere());
    }
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      Change change = noted(changes.next());
      list.add(random.nextInt(10) == 0 ? new Change.Undone(List.of(change)) : change);
    }
    return new Transaction(list, ending(list, mayBeHeld));
  }

  /// READ COMMITTED unless another one is set.
  private List<Change> isolation() {
    String set = "SET TRANSACTION ISOLATION LEVEL ";
    return switch (random.nextInt(6)) {
      case 0 -> List.of(new Change.Statement(set + "REPEATABLE READ"));
      case 1 -> List.of(new Change.Statement(set + "SERIALIZABLE"));
      default -> List.of();
    };
  }

  private Ending ending(List<Change> list, boolean mayBeHeld) {
    boolean locks =
        list.stream()
            .flatMap(change -> change.statements().stream())
            .anyMatch(s -> s.startsWith("TRUNCATE"));
    return switch (random.nextInt(10)) {
      case 0 -> Ending.ROLLBACK;
      case 1, 2 -> mayBeHeld && !locks ? Ending.COMMIT_LATER : Ending.COMMIT;
      case 3 -> mayBeHeld && !locks ? Ending.PREPARE : Ending.COMMIT;
      default -> Ending.COMMIT;
    };
  }

  private Change noted(Change change) {
    if (change instanceof Change.Insert insert) {
      String table = insert.table().replaceFirst("_.*", "");
      sizes.merge(table, insert.rows().size(), Integer::sum);
    } else {
      tables.forEach(table -> {
        if (change.statements().getFirst().contains("INTO " + table.name())) {
          sizes.merge(table.name(), 4, Integer::sum);
        }
      });
    }
    return change;
  }
}
