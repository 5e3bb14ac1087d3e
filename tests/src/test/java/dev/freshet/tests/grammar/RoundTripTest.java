package dev.freshet.tests.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.tests.server.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every query of `round-trip.sql` means the same to PostgreSQL after parsing and printing.
class RoundTripTest {
  static List<Integer> majors() {
    return TestServer.majors();
  }

  @ParameterizedTest
  @MethodSource("majors")
  void printedQueriesHaveTheTreeAndTheColumnsOfTheOriginal(int major) throws SQLException {
    try (Judge judge = new Judge(major, Judge.text("round-trip-schema.sql"))) {
      for (String query : queries()) {
        String printed = Judge.printed(query);
        assertThat(judge.tree(printed)).as(query).isEqualTo(judge.tree(query));
        assertThat(judge.columnNames(printed)).as(query).isEqualTo(judge.columnNames(query));
      }
    }
  }

  /// The compiler reads definitions as PostgreSQL writes them, so it must know all that it writes.
  @ParameterizedTest
  @MethodSource("majors")
  void whatPostgresPrintsIsUnderstood(int major) throws SQLException {
    try (Judge judge = new Judge(major, Judge.text("round-trip-schema.sql"))) {
      for (String query : queries()) {
        String tree = judge.tree(query);
        String definition = tree.substring(0, tree.lastIndexOf(';'));
        assertThat(judge.tree(Judge.printed(definition)))
            .as(query)
            .isEqualTo(judge.tree(definition));
      }
    }
  }

  @Test
  void printingTwiceChangesNothing() {
    for (String query : queries()) {
      String printed = Judge.printed(query);
      assertThat(Judge.printed(printed)).isEqualTo(printed);
    }
  }

  @Test
  void theCorpusIsLarge() {
    assertThat(queries()).hasSizeGreaterThan(200);
  }

  /// The queries of the file: each ends with a line that ends with a semicolon.
  private static List<String> queries() {
    List<String> queries = new ArrayList<>();
    StringBuilder query = new StringBuilder();
    for (String line : Judge.text("round-trip.sql").lines().toList()) {
      boolean between = query.isEmpty() && (line.isBlank() || line.startsWith("--"));
      if (!between) {
        query.append(line).append('\n');
      }
      if (line.endsWith(";")) {
        queries.add(query.substring(0, query.lastIndexOf(";")));
        query.setLength(0);
      }
    }
    return queries;
  }
}
