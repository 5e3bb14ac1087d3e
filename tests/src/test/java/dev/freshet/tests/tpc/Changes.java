package dev.freshet.tests.tpc;

import dev.freshet.tests.fixture.TextFile;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

/// Changes of the tables of TPC-H: its refresh functions, and updates of every table.
final class Changes {
  private static final List<String> UPDATES =
      new TextFile(Tpch.class, "tpch/updates.sql").paragraphs();

  private final Tpch tpch;
  private final Connection connection;
  private final Random random;

  /// @param random decides which changes are made, and to which rows
  Changes(Tpch tpch, Connection connection, Random random) {
    this.tpch = tpch;
    this.connection = connection;
    this.random = random;
  }

  /// @param all every kind of change; otherwise some of them
  void make(boolean all) throws SQLException {
    execute("SELECT setseed(" + random.nextDouble() + ")");
    for (String function : tpch.refreshFunctions(1000)) {
      execute(function);
    }
    double share = random.nextDouble();
    for (String update : UPDATES) {
      if (all || random.nextDouble() < share) {
        execute(update);
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
