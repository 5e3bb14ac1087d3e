package dev.freshet.tests.random.change;

import dev.freshet.tests.random.change.Change.Statement;
import dev.freshet.tests.random.table.Column;
import dev.freshet.tests.random.table.Table;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Random changes to tables. Start reading at [#next].
final class ChangeGenerator {
  private static final String OR_NOTHING = " ON CONFLICT DO NOTHING";

  private final Random random;
  private final List<Table> tables;
  private final boolean merges;
  private final Rows rows;

  /// @param merges the server knows MERGE
  ChangeGenerator(Random random, List<Table> tables, boolean merges) {
    this.random = random;
    this.tables = tables;
    this.merges = merges;
    this.rows = new Rows(random);
  }

  Change next() {
    Table table = rows.pick(tables);
    return switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4, 5 -> insert(table, batch());
      case 6, 7, 8 -> update(table);
      case 9, 10 -> moveKey(table);
      case 11 -> statement("UPDATE %1$s SET a = a, b = b".formatted(table.name()));
      case 12, 13 -> delete(table);
      case 14, 15 -> merge(table);
      case 16 -> upsert(table);
      case 17 -> reinsert(table);
      case 18 -> moveRows(table);
      case 19 -> swap(table);
      case 20 -> moveParent(table);
      case 21 -> doubled(table);
      case 22 -> random.nextInt(3) == 0 ? deleteAll(table) : delete(table);
      default -> random.nextInt(5) == 0 ? truncate(table) : update(table);
    };
  }

  private int batch() {
    int size = random.nextInt(100);
    return size < 60 ? 1 : size < 85 ? 5 : size < 98 ? 20 : 50;
  }

  Change insert(Table table, int count) {
    String conflict = table.keyed() ? OR_NOTHING : "";
    Change.Insert insert = rows.insert(table, rows.pick(table.writable()), count, conflict);
    return fits(table, insert)
        ? insert
        : new Change.Insert(table.name(), insert.columns(), insert.rows(), conflict);
  }

  /// Rows of other partitions must not be written to one directly.
  private static boolean fits(Table table, Change.Insert insert) {
    int place = insert.columns().indexOf("a");
    return table.kind() != Table.Kind.PARTITIONED
        || insert.table().equals(table.name())
        || insert.rows().stream().noneMatch(row -> List.of("0", "1").contains(row.get(place)));
  }

  private Change update(Table table) {
    Column column = rows.pick(table.plainColumns());
    return statement(
        "UPDATE %s SET %s = %s WHERE %s"
            .formatted(
                rows.pick(table.writable()),
                column.name().equals("a") ? "b" : column.name(),
                column.name().equals("a") ? "3" : rows.value(column),
                rows.condition(table)));
  }

  /// A join column of several rows, or the key itself.
  private Change moveKey(Table table) {
    if (table.keyed() && random.nextInt(3) == 0) {
      return statement(
          "UPDATE %s SET id = id + 20 WHERE id < 20 AND %s"
              .formatted(table.name(), rows.condition(table)));
    }
    String value = String.valueOf(random.nextInt(5));
    return statement(
        "UPDATE %s SET a = %s WHERE %s".formatted(table.name(), value, rows.condition(table)));
  }

  private Change delete(Table table) {
    return statement(
        "DELETE FROM %s WHERE %s".formatted(rows.pick(table.writable()), rows.condition(table)));
  }

  /// The rows of one value in every table, so that both sides of a join go together.
  List<Change> deleteEverywhere() {
    int value = random.nextInt(5);
    return tables.stream()
        .map(table -> statement("DELETE FROM %s WHERE a = %d".formatted(table.name(), value)))
        .toList();
  }

  private Change deleteAll(Table table) {
    return statement("DELETE FROM " + table.name());
  }

  private Change truncate(Table table) {
    return statement("TRUNCATE %s CASCADE".formatted(table.name()));
  }

  private Change upsert(Table table) {
    return table.keyed()
        ? rows.insert(
            table,
            table.name(),
            1 + random.nextInt(5),
            " ON CONFLICT (id) DO UPDATE SET a = excluded.a, b = excluded.b")
        : insert(table, 1);
  }

  private Change merge(Table table) {
    if (!merges) {
      return upsert(table);
    }
    String key = table.keyed() ? "id" : "a";
    String columns = String.join(", ", table.columns().stream().map(Column::name).toList());
    return statement(
        """
        MERGE INTO %1$s USING (VALUES (%2$d, 1), (%3$d, NULL), (9, 4)) AS s (x, y) ON %1$s.%4$s = s.x \
        WHEN MATCHED AND %1$s.b = 2 THEN DELETE WHEN MATCHED THEN UPDATE SET b = s.y \
        WHEN NOT MATCHED THEN INSERT (%5$s) VALUES (%6$s)\
        """
            .formatted(
                table.name(),
                random.nextInt(4),
                4 + random.nextInt(4),
                key,
                columns,
                String.join(", ", rows.row(table, 0))
                    .replaceFirst("^0", table.keyed() ? "s.x" : "0")));
  }

  private Change reinsert(Table table) {
    return statement(
        "WITH gone AS (DELETE FROM %1$s WHERE %2$s RETURNING *) INSERT INTO %1$s SELECT * FROM gone"
            .formatted(table.name(), rows.condition(table)));
  }

  /// One statement that changes two tables.
  private Change moveRows(Table from) {
    Optional<Table> to =
        tables.stream().filter(t -> !t.keyed() && !t.name().equals(from.name())).findAny();
    return to.map(table ->
            statement(
                "WITH gone AS (DELETE FROM %s WHERE %s RETURNING a, b) INSERT INTO %s (a, b) SELECT coalesce(a, 0), b FROM gone"
                    .formatted(from.name(), rows.condition(from), table.name())))
        .orElseGet(() -> delete(from));
  }

  private Change swap(Table table) {
    return statement(
        "UPDATE %1$s SET a = coalesce(b, 0), b = a WHERE %2$s"
            .formatted(table.name(), rows.condition(table)));
  }

  private Change moveParent(Table table) {
    return table.reference().isPresent()
        ? statement(
            "UPDATE %s SET parent = (SELECT max(id) FROM t1) WHERE %s"
                .formatted(table.name(), rows.condition(table)))
        : delete(table);
  }

  /// Inserts the image of rows once more.
  private Change doubled(Table table) {
    return table.keyed()
        ? insert(table, 1)
        : statement(
            "INSERT INTO %1$s SELECT * FROM %1$s WHERE %2$s"
                .formatted(table.name(), rows.condition(table)));
  }

  /// Leaves a few rows.
  Change trim(Table table) {
    return statement(
        "DELETE FROM %1$s WHERE (tableoid, ctid) NOT IN (SELECT tableoid, ctid FROM %1$s ORDER BY %2$s LIMIT 7)"
            .formatted(table.name(), Rows.order(table)));
  }

  private static Change statement(String sql) {
    return new Statement(sql);
  }
}
