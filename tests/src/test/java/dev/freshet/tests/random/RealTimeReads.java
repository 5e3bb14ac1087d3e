package dev.freshet.tests.random;

import dev.freshet.tests.random.Finding.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Compares what views that read in real time show with their queries, between refreshes and inside
/// transactions. Each look is one statement, and so one snapshot.
final class RealTimeReads {
  private static final String VIEWS =
      """
      SELECT m.real_time::text, m.definition::text, format('freshet_data.%I', m.base_name || '_current'),
        format('freshet_data.%I', m.base_name || '_ticket')
      FROM freshet.materialized_views m WHERE m.relation = to_regclass('@VIEW@') AND m.real_time IS NOT NULL\
      """;

  /// @param whole counts how often the whole query is read
  /// @param obstacle counts the reasons for that
  private record Read(String view, Comparison comparison, String whole, String obstacle) {}

  private final Connection connection;
  private final List<Read> reads = new ArrayList<>();

  RealTimeReads(Connection connection) {
    this.connection = connection;
  }

  /// Looks at a view from now on.
  void add(String view, boolean determined) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(VIEWS.replace("@VIEW@", view))) {
      while (rows.next()) {
        String whole =
            "SELECT count(*) FROM %s((SELECT t.ticket FROM %s t)) c WHERE c.part = 'instead'"
                .formatted(rows.getString(3), rows.getString(4));
        String obstacle =
            "SELECT count(freshet.incremental_obstacle(m)) FROM freshet.materialized_views m WHERE m.relation = to_regclass('%s')"
                .formatted(view);
        Comparison comparison = Comparison.of(rows.getString(1), rows.getString(2), determined);
        reads.add(new Read(view, comparison, whole, obstacle));
      }
    }
  }

  int views() {
    return reads.size();
  }

  Optional<Finding> check(int round) throws SQLException {
    for (Read read : reads) {
      long different = count(read.comparison().sql());
      if (different > 0) {
        String message = different + " differences in real time";
        return Optional.of(new Finding(Kind.WRONG_ROWS, read.view(), round, message));
      }
      if (count(read.whole()) > 0 && count(read.obstacle()) == 0) {
        String message = "the whole query is read in real time";
        return Optional.of(new Finding(Kind.FELL_BACK, read.view(), round, message));
      }
    }
    return Optional.empty();
  }

  private long count(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
