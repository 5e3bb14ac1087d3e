package dev.freshet.tests.race;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/// One connection that commits a number of random transactions, each of which is tried again until
/// the server can serialize it.
///
/// @param levels to choose from
record Racer(
    Connection connection, SplittableRandom random, int transactions, List<Isolation> levels)
    implements Callable<Tally> {
  private static final String DEADLOCK = "40P01";
  private static final Set<String> RETRIED = Set.of("40001", DEADLOCK);

  /// Changes of three tables of one shape with few keys, so that transactions keep meeting.
  private static final List<String> CHANGES =
      List.of(
          "INSERT INTO %1$s (k, x) VALUES (%2$d, %3$d)",
          "INSERT INTO %1$s (k, x) SELECT g %% 4, %3$d FROM generate_series(1, 3) g",
          "UPDATE %1$s SET x = %3$d WHERE id IN (SELECT id FROM %1$s WHERE k = %2$d ORDER BY id LIMIT 2)",
          "UPDATE %1$s SET k = %3$d %% 5 WHERE id IN (SELECT id FROM %1$s WHERE k = %2$d ORDER BY x LIMIT 1)",
          "DELETE FROM %1$s WHERE id IN (SELECT id FROM %1$s WHERE k = %2$d ORDER BY x DESC, id LIMIT 2)");

  @Override
  public Tally call() throws SQLException {
    Tally tally = new Tally();
    connection.setAutoCommit(false);
    for (int i = 0; i < transactions; i++) {
      Isolation isolation = levels.get(random.nextInt(levels.size()));
      while (!commits(isolation, tally)) {
        connection.rollback();
      }
      tally.committed().merge(isolation, 1, Integer::sum);
    }
    connection.close();
    return tally;
  }

  private boolean commits(Isolation isolation, Tally tally) throws SQLException {
    connection.setTransactionIsolation(isolation.level);
    try (Statement statement = connection.createStatement()) {
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        statement.execute(change());
      }
    } catch (SQLException e) {
      return failed(e);
    }
    try {
      connection.commit();
      return true;
    } catch (SQLException e) {
      if (DEADLOCK.equals(e.getSQLState())) {
        tally.deadlocked().merge(isolation, 1, Integer::sum);
      }
      return failed(e);
    }
  }

  /// False if the transaction can be tried again.
  private static boolean failed(SQLException e) throws SQLException {
    if (RETRIED.contains(e.getSQLState())) {
      return false;
    }
    throw e;
  }

  private String change() {
    return CHANGES
        .get(random.nextInt(CHANGES.size()))
        .formatted(
            List.of("a", "b", "c").get(random.nextInt(3)), random.nextInt(4), random.nextInt(10));
  }
}
