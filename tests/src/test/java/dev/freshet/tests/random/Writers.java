package dev.freshet.tests.random;

import dev.freshet.tests.random.Finding.Kind;
import dev.freshet.tests.random.change.Transaction;
import dev.freshet.tests.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The two sessions that change the tables of a world. One of them may leave a transaction open
/// until all views were refreshed.
final class Writers implements AutoCloseable {
  /// What a change gives up after when the other session holds what it needs.
  private static final String IMPATIENT = "lock_timeout = '30ms'";

  /// Constraints, locks of the other session, and what they lead to.
  private static final List<String> EXPECTED = List.of("23", "55P03", "40");

  private static final String TOO_OLD = "40001";

  private final Connection main;
  private final Connection other;
  private final Script script;

  /// Of the prepared transaction: one name for all databases of the server.
  private final String name;

  /// What ends the transaction that the other session has left open; empty without one.
  private String held = "";

  /// @param main also refreshes the views
  Writers(TestDatabase database, Connection main, Script script) throws SQLException {
    this.main = main;
    this.other = database.connect();
    this.script = script;
    this.name = String.valueOf(database.source().getDatabaseName());
    World.execute(other, List.of("SET " + IMPATIENT));
  }

  Optional<Finding> perform(List<Transaction> transactions, int round) throws SQLException {
    for (Transaction transaction : transactions) {
      try {
        perform(transaction);
      } catch (SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (EXPECTED.stream().noneMatch(state::startsWith)) {
          String message =
              "%s: %s in %s".formatted(state, e.getMessage(), transaction.statements());
          return Optional.of(new Finding(Kind.CHANGE_FAILED, "", round, message));
        }
      }
    }
    return Optional.empty();
  }

  private void perform(Transaction transaction) throws SQLException {
    List<String> statements = transaction.statements();
    switch (transaction.ending()) {
      case COMMIT -> {
        executeInBlock(main, begin(), statements, "COMMIT");
        script.transaction(statements);
      }
      case ROLLBACK -> executeInBlock(main, begin(), statements, "ROLLBACK");
      case COMMIT_LATER -> hold(statements, "", "COMMIT");
      case PREPARE ->
          hold(
              statements,
              "PREPARE TRANSACTION '%s'".formatted(name),
              "COMMIT PREPARED '%s'".formatted(name));
    }
  }

  private String begin() {
    return held.isEmpty() ? "BEGIN" : "BEGIN; SET LOCAL " + IMPATIENT;
  }

  /// Leaves a transaction open, or prepared.
  private void hold(List<String> statements, String meanwhile, String end) throws SQLException {
    release();
    executeInBlock(other, "BEGIN", statements, meanwhile);
    script.open(statements);
    if (!meanwhile.isEmpty()) {
      script.inOtherSession(meanwhile);
    }
    held = end;
  }

  /// Ends the transaction that was left open. Its snapshot may be too old to commit.
  void release() throws SQLException {
    if (!held.isEmpty()) {
      String end = held;
      held = "";
      script.inOtherSession(committed(end) ? end : "ROLLBACK");
    }
  }

  private boolean committed(String end) throws SQLException {
    try {
      World.execute(other, List.of(end));
      return true;
    } catch (SQLException e) {
      if (!String.valueOf(e.getSQLState()).equals(TOO_OLD)) {
        throw e;
      }
      return false;
    }
  }

  /// All in one message, in a transaction; nothing of it stays if one fails.
  private static void executeInBlock(
      Connection connection, String begin, List<String> statements, String end)
      throws SQLException {
    List<String> block = new ArrayList<>(List.of(begin));
    block.addAll(statements);
    block.add(end);
    try {
      World.execute(connection, block);
    } catch (SQLException e) {
      World.execute(connection, List.of("ROLLBACK"));
      throw e;
    }
  }

  @Override
  public void close() throws SQLException {
    release();
    other.close();
  }
}
