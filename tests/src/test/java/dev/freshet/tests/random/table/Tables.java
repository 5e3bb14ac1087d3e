package dev.freshet.tests.random.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Makes the tables of a random world.
public final class Tables {
  private static final int MOST = 4;

  /// Columns that a table may have besides `a` and `b`, by name.
  private static final List<Map.Entry<String, DataType>> OPTIONAL =
      List.of(
          Map.entry("s", DataType.TEXT),
          Map.entry("n", DataType.NUMERIC),
          Map.entry("m", DataType.MONEY),
          Map.entry("k", DataType.SMALLINT),
          Map.entry("v", DataType.VARCHAR),
          Map.entry("h", DataType.CHAR),
          Map.entry("z", DataType.TIMESTAMP),
          Map.entry("d", DataType.DATE),
          Map.entry("p", DataType.BOOL),
          Map.entry("f", DataType.FLOAT),
          Map.entry("i", DataType.INTERVAL),
          Map.entry("j", DataType.JSONB));

  private static final List<String> ACTIONS =
      List.of("ON DELETE CASCADE", "ON DELETE SET NULL", "ON DELETE CASCADE ON UPDATE CASCADE");

  private Tables() {}

  /// The names of the columns that a table may have.
  public static List<String> optionalColumns() {
    return OPTIONAL.stream().map(Map.Entry::getKey).toList();
  }

  /// One to four tables named `t1`, `t2` and so on; the first has a key.
  ///
  /// @param allowed the optional columns that they may have
  public static List<Table> of(Random random, List<String> allowed) {
    List<Table> tables = new ArrayList<>();
    int count = 1 + random.nextInt(MOST);
    for (int i = 1; i <= count; i++) {
      tables.add(table(random, i, allowed));
    }
    return tables;
  }

  private static Table table(Random random, int number, List<String> allowed) {
    Table.Kind kind = number == 1 ? Table.Kind.PLAIN : kind(random);
    boolean keyed = number == 1 || (kind == Table.Kind.PLAIN && random.nextBoolean());
    boolean referring = number > 1 && kind == Table.Kind.PLAIN && random.nextInt(3) == 0;
    List<Column> columns = new ArrayList<>();
    if (keyed) {
      columns.add(new Column("id", DataType.INT, true));
    }
    columns.add(new Column("a", DataType.INT, random.nextInt(4) == 0));
    columns.add(Column.of("b", DataType.INT));
    if (referring) {
      columns.add(Column.of("parent", DataType.INT));
    }
    for (Map.Entry<String, DataType> optional : OPTIONAL) {
      if (random.nextInt(OPTIONAL.size()) < 3 && allowed.contains(optional.getKey())) {
        columns.add(Column.of(optional.getKey(), optional.getValue()));
      }
    }
    Optional<String> reference =
        referring
            ? Optional.of("t1 (id) " + ACTIONS.get(random.nextInt(ACTIONS.size())))
            : Optional.empty();
    return new Table("t" + number, kind, List.copyOf(columns), keyed, reference);
  }

  private static Table.Kind kind(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> Table.Kind.PARTITIONED;
      case 1 -> Table.Kind.INHERITED;
      default -> Table.Kind.PLAIN;
    };
  }
}
