package dev.freshet.app.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Measures how long a query takes, its rows fetched.
final class Timing {
  /// Repeats end when they have taken this long.
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private Timing() {}

  /// The median of up to `runs` runs; a slow query runs less often, at least once.
  static Duration ofQuery(Connection connection, String sql, int runs) throws SQLException {
    List<Duration> times = new ArrayList<>();
    Duration total = Duration.ZERO;
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      while (times.size() < runs && total.compareTo(PATIENCE) < 0) {
        Duration time = once(query);
        times.add(time);
        total = total.plus(time);
      }
    }
    return times.stream().sorted().toList().get(times.size() / 2);
  }

  private static Duration once(PreparedStatement query) throws SQLException {
    long start = System.nanoTime();
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        rows.getObject(1);
      }
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
