package dev.freshet.tests.grammar;

import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.ParsedQuery;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A PostgreSQL that says how it understands a query.
final class Judge implements AutoCloseable {
  private final TestDatabase database;
  private final Connection connection;

  /// @param schema SQL of the tables that the queries read
  Judge(int major, String schema) throws SQLException {
    database = TestServer.shared(major).createDatabase();
    connection = database.connect();
    execute(schema);
  }

  /// The text of a file beside this class.
  static String text(String file) {
    try (InputStream in = Judge.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The query after parsing and printing.
  static String printed(String query) {
    return SqlPrinter.print(ParsedQuery.parse(query).query());
  }

  /// What PostgreSQL stores for a view of the query: its tree, with every parenthesis.
  String tree(String query) throws SQLException {
    execute(
        "CREATE VIEW judged" + columns(ParsedQuery.parse(query).query().body()) + " AS " + query);
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pg_get_viewdef('judged'::regclass)")) {
      rows.next();
      return rows.getString(1);
    } finally {
      execute("DROP VIEW judged");
    }
  }

  /// The names that PostgreSQL gives to the output columns.
  String columnNames(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM (" + query + "\n) AS q LIMIT 0")) {
      ResultSetMetaData columns = rows.getMetaData();
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        names.add(columns.getColumnLabel(i));
      }
      return String.join(", ", names);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    database.close();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Names for the columns of a view, which must differ; none where a star hides how many there
  /// are.
  private static String columns(Query.Body body) {
    return switch (body) {
      case Query.Select select -> columns(select.projection().items());
      case Query.SetOperation operation -> columns(operation.left());
      case Query.Values values -> "";
      case Query.WholeTable table -> "";
      case Query.Nested(var span, Query query) -> columns(query.body());
    };
  }

  private static String columns(List<Query.SelectItem> items) {
    boolean counted = items.stream().noneMatch(item -> isStar(item.value()));
    return items.isEmpty() || !counted
        ? ""
        : IntStream.range(0, items.size())
            .mapToObj(i -> "c" + i)
            .collect(Collectors.joining(", ", " (", ")"));
  }

  private static boolean isStar(Expression expression) {
    return expression instanceof Expression.Star
        || (expression instanceof Expression.Selection selection
            && selection.steps().getLast() instanceof Expression.Step.AllFields);
  }
}
