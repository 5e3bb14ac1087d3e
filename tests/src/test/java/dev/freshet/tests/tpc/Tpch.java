package dev.freshet.tests.tpc;

import dev.freshet.tests.fixture.TextFile;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/// TPC-H of a size: its tables, filled as `dbgen` does, and its queries with the parameters that
/// the specification validates them with.
///
/// @param scale 1 is a gigabyte, six million line items
public record Tpch(double scale) {
  private static final int QUERIES = 22;
  private static final int ROWS_AT_ONCE = 10_000;

  /// Creates the tables without rows, keys and indexes.
  public void createTables(Connection connection) throws SQLException {
    execute(connection, new TextFile(Tpch.class, "tpch/tables.sql").text());
  }

  /// Creates the tables with their rows, keys and indexes.
  public void load(Connection connection) throws SQLException, IOException {
    createTables(connection);
    for (TpchTable<?> table : TpchTable.getTables()) {
      copy(connection, table);
    }
    execute(connection, new TextFile(Tpch.class, "tpch/keys.sql").text());
  }

  private <E extends TpchEntity> void copy(Connection connection, TpchTable<E> table)
      throws SQLException, IOException {
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    String command = "COPY %s FROM STDIN (DELIMITER '|')".formatted(table.getTableName());
    StringBuilder lines = new StringBuilder();
    int rows = 0;
    for (E row : table.createGenerator(scale, 1, 1)) {
      lines.append(row.toLine());
      lines.setCharAt(lines.length() - 1, '\n'); // it ended with a delimiter
      if (++rows % ROWS_AT_ONCE == 0) {
        copy.copyIn(command, new StringReader(lines.toString()));
        lines.setLength(0);
      }
    }
    copy.copyIn(command, new StringReader(lines.toString()));
  }

  /// The queries as written.
  public List<BenchmarkView> views() {
    return IntStream.rangeClosed(1, QUERIES)
        .mapToObj(number -> new BenchmarkView("tpch_q%02d".formatted(number), query(number)))
        .toList();
  }

  /// The view file of view `over_groups`: query 15 over a view of its groups.
  public String overGroups() {
    return new TextFile(Tpch.class, "tpch/q15-over-groups.sql").text();
  }

  /// RF1 and RF2 as statements: one in so many orders is new, and as many are gone.
  public List<String> refreshFunctions(int oneIn) {
    return new TextFile(Tpch.class, "tpch/refresh-functions.sql")
        .paragraphs().stream()
            .map(function -> function.replace(":n", String.valueOf(oneIn)))
            .toList();
  }

  /// The fraction of query 11 depends on the size.
  private String query(int number) {
    String text = new TextFile(Tpch.class, "tpch/q%02d.sql".formatted(number)).text().strip();
    return number == 11
        ? text.replace("0.0001", String.format(Locale.ROOT, "%.10f", 0.0001 / scale))
        : text;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
