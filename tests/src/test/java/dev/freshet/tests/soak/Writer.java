package dev.freshet.tests.soak;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.postgresql.ds.PGSimpleDataSource;

/// Runs random transactions until it is told to end: of both isolation levels, with savepoints that
/// are rolled back, and some that are prepared and committed later.
final class Writer implements Runnable {
  /// Serialization failures and deadlocks, and a customer whom somebody else has just deleted.
  private static final Set<String> USUAL = Set.of("40001", "40P01", "23503", "23505");

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

  private final PGSimpleDataSource source;
  private final Workload workload;
  private final RandomGenerator random;
  private final Lock permission;
  private final AtomicBoolean ended;
  private final AtomicLong committed;
  private final String name;
  private int prepared;

  /// @param permission to commit; held for as long as that takes
  Writer(
      PGSimpleDataSource source,
      Workload workload,
      long seed,
      Lock permission,
      AtomicBoolean ended,
      AtomicLong committed) {
    this.source = source;
    this.workload = workload;
    this.random = new SplittableRandom(seed);
    this.permission = permission;
    this.ended = ended;
    this.committed = committed;
    this.name = "writer-" + seed;
  }

  @Override
  public void run() {
    while (!ended.get()) {
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement()) {
        commitWhatIsPrepared(statement);
        while (!ended.get()) {
          transaction(statement);
        }
      } catch (SQLException e) {
        requireKilledServer(e);
      }
    }
  }

  /// A server that was killed comes back; anything else is a mistake.
  private void requireKilledServer(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    if (!state.startsWith("08") && !state.startsWith("57P")) {
      throw new IllegalStateException(name, e);
    }
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  /// Prepared transactions outlive a killed server, with their locks.
  private void commitWhatIsPrepared(Statement statement) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT quote_literal(gid) FROM pg_prepared_xacts WHERE starts_with(gid, '%s-')"
                .formatted(name))) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    for (String transaction : names) {
      permitted(statement, "COMMIT PREPARED " + transaction);
    }
  }

  private void transaction(Statement statement) throws SQLException {
    statement.execute(
        "BEGIN ISOLATION LEVEL " + (random.nextBoolean() ? "READ COMMITTED" : "REPEATABLE READ"));
    try {
      for (int i = random.nextInt(4); i >= 0; i--) {
        step(statement);
      }
      end(statement);
    } catch (SQLException e) {
      if (!USUAL.contains(String.valueOf(e.getSQLState())) && !isRaceOfTheServer(e)) {
        throw e;
      }
      statement.execute("ROLLBACK");
    }
  }

  /// A row that is locked by a foreign key, and was changed in a savepoint that is rolled back at
  /// this moment, has two updating transactions for PostgreSQL. Plain tables show that, too.
  private static boolean isRaceOfTheServer(SQLException e) {
    return "XX000".equals(e.getSQLState())
        && String.valueOf(e.getMessage())
            .contains("new multixact has more than one updating member");
  }

  private void step(Statement statement) throws SQLException {
    if (random.nextInt(5) > 0) {
      statement.execute(workload.statement(random));
      return;
    }
    statement.execute("SAVEPOINT s");
    statement.execute(workload.statement(random));
    statement.execute(random.nextBoolean() ? "ROLLBACK TO s" : "RELEASE s");
  }

  private void end(Statement statement) throws SQLException {
    switch (random.nextInt(10)) {
      case 0 -> statement.execute("ROLLBACK");
      case 1 -> {
        String transaction = "'%s-%d'".formatted(name, ++prepared);
        statement.execute("PREPARE TRANSACTION " + transaction);
        permitted(statement, "COMMIT PREPARED " + transaction);
      }
      default -> permitted(statement, "COMMIT");
    }
  }

  private void permitted(Statement statement, String commit) throws SQLException {
    permission.lock();
    try {
      statement.execute(commit);
      committed.incrementAndGet();
    } finally {
      permission.unlock();
    }
  }
}
