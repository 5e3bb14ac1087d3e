package dev.freshet.tests.tutorial;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// Runs statements and prints rows and errors as psql does; nothing for other statements.
final class Psql {
  private Psql() {}

  static String run(Connection connection, String statements) {
    StringBuilder printed = new StringBuilder();
    for (String statement : split(statements)) {
      try (Statement run = connection.createStatement()) {
        if (run.execute(statement)) {
          printed.append(print(run.getResultSet()));
        }
      } catch (SQLException e) {
        printed.append(print(e));
      }
    }
    return printed.toString();
  }

  /// At each semicolon that ends a line, outside dollar quotes.
  private static List<String> split(String statements) {
    List<String> found = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    for (String line : statements.lines().toList()) {
      statement.append(line).append('\n');
      boolean quoted = statement.toString().split("\\$\\$", -1).length % 2 == 0;
      if (line.endsWith(";") && !quoted) {
        found.add(statement.toString());
        statement.setLength(0);
      }
    }
    return found;
  }

  private static String print(ResultSet result) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    List<List<String>> rows = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      names.add(result.getMetaData().getColumnLabel(i));
    }
    rows.add(names);
    while (result.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        String value = result.getString(i);
        row.add(value == null ? "" : value);
      }
      rows.add(row);
    }
    return print(rows);
  }

  private static String print(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < rows.getFirst().size(); i++) {
      int column = i;
      widths.add(rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        cells.add(" " + row.get(i) + " ".repeat(widths.get(i) - row.get(i).length() + 1));
      }
      lines.add(String.join("|", cells).stripTrailing());
    }
    lines.add(1, widths.stream().map(w -> "-".repeat(w + 2)).collect(Collectors.joining("+")));
    int count = rows.size() - 1;
    lines.add("(%d %s)".formatted(count, count == 1 ? "row" : "rows"));
    return String.join("\n", lines) + "\n";
  }

  private static String print(SQLException e) {
    if (!(e instanceof PSQLException error) || error.getServerErrorMessage() == null) {
      throw new IllegalStateException(e);
    }
    ServerErrorMessage message = error.getServerErrorMessage();
    StringBuilder text = new StringBuilder("ERROR:  " + message.getMessage() + "\n");
    if (message.getDetail() != null) {
      text.append("DETAIL:  ").append(message.getDetail()).append('\n');
    }
    if (message.getHint() != null) {
      text.append("HINT:  ").append(message.getHint()).append('\n');
    }
    return text.toString();
  }
}
