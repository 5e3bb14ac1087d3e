package dev.freshet.tests.tpc;

import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
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
  private static final String LIMIT = "(?s)\\sLIMIT \\d+\\s*$";

  /// A query as a view.
  ///
  /// @param view such as `tpch_q01`; `tpch_q02_all` is without the LIMIT of the second query
  public record View(String view, String query) {
    /// The view file.
    ///
    /// @param strategy option freshet.refresh
    public String file(String strategy) {
      return "CREATE MATERIALIZED VIEW %s WITH (freshet.refresh = '%s') AS\n%s;"
          .formatted(view, strategy, query);
    }
  }

  /// Creates the tables with their keys and indexes.
  public void load(Connection connection) throws SQLException, IOException {
    execute(connection, new TextFile("tpch/tables.sql").text());
    for (TpchTable<?> table : TpchTable.getTables()) {
      copy(connection, table);
    }
    execute(connection, new TextFile("tpch/keys.sql").text());
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

  /// The queries; those with a LIMIT a second time without it.
  public List<View> views() {
    List<View> views = new ArrayList<>();
    IntStream.rangeClosed(1, QUERIES)
        .forEach(number -> {
          String view = "tpch_q%02d".formatted(number);
          String query = query(number);
          views.add(new View(view, query));
          String all = query.replaceFirst(LIMIT, "");
          if (!all.equals(query)) {
            views.add(new View(view + "_all", all));
          }
        });
    return views;
  }

  /// The fraction of query 11 depends on the size.
  private String query(int number) {
    String text = new TextFile("tpch/q%02d.sql".formatted(number)).text().strip();
    return number == 11 ? text.replace("0.0001", "%.10f".formatted(0.0001 / scale)) : text;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
