package dev.freshet.tests.tpc;

import dev.freshet.tests.fixture.TextFile;
import io.trino.tpcds.Table;
import io.trino.tpcds.column.Column;
import io.trino.tpcds.column.ColumnType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// TPC-DS: its tables, and its queries with the parameters that the specification validates them
/// with. The texts are those that the tests of Apache Spark hold, in PostgreSQL's words.
final class Tpcds {
  private static final int QUERIES = 99;

  /// Queries that have two parts.
  private static final List<Integer> PAIRS = List.of(14, 23, 24, 39);

  /// Primary keys of more columns than the first one.
  private static final Map<String, String> KEYS =
      Map.of(
          "store_sales", "ss_item_sk, ss_ticket_number",
          "store_returns", "sr_item_sk, sr_ticket_number",
          "catalog_sales", "cs_item_sk, cs_order_number",
          "catalog_returns", "cr_item_sk, cr_order_number",
          "web_sales", "ws_item_sk, ws_order_number",
          "web_returns", "wr_item_sk, wr_order_number",
          "inventory", "inv_date_sk, inv_item_sk, inv_warehouse_sk");

  private Tpcds() {}

  /// Statements that create the tables with their primary keys.
  static String tables() {
    return Table.getBaseTables().stream().map(Tpcds::table).collect(Collectors.joining(";\n"));
  }

  private static String table(Table table) {
    String columns =
        Arrays.stream(table.getColumns())
            .map(column -> column.getName() + " " + type(column.getType()))
            .collect(Collectors.joining(", "));
    Column first = table.getColumns()[0];
    return "CREATE TABLE %s (%s, PRIMARY KEY (%s))"
        .formatted(table.getName(), columns, KEYS.getOrDefault(table.getName(), first.getName()));
  }

  private static String type(ColumnType type) {
    return switch (type.getBase()) {
      case INTEGER, IDENTIFIER -> "integer";
      case DATE -> "date";
      case TIME -> "time";
      case VARCHAR -> "varchar(%d)".formatted(type.getPrecision().orElseThrow());
      case CHAR -> "char(%d)".formatted(type.getPrecision().orElseThrow());
      case DECIMAL ->
          "decimal(%d,%d)"
              .formatted(type.getPrecision().orElseThrow(), type.getScale().orElseThrow());
    };
  }

  /// The queries as written.
  static List<BenchmarkView> views() {
    return IntStream.rangeClosed(1, QUERIES).boxed().flatMap(Tpcds::views).toList();
  }

  private static Stream<BenchmarkView> views(int number) {
    Stream<String> parts = PAIRS.contains(number) ? Stream.of("a", "b") : Stream.of("");
    return parts.map(part -> {
      String name = "q%02d%s".formatted(number, part);
      return new BenchmarkView(
          "tpcds_" + name, new TextFile(Tpch.class, "tpcds/" + name + ".sql").text().strip());
    });
  }
}
