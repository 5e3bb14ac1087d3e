package dev.freshet.tests.race;

import dev.freshet.ApplyOptions;
import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.Progress;
import dev.freshet.ViewSource;
import dev.freshet.tests.fixture.Oracle;
import dev.freshet.tests.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// A database with views over three tables that many connections change.
final class Race {
  private static final int CONNECTIONS = 16;
  private static final int TRANSACTIONS = Integer.getInteger("freshet.race.transactions", 12);

  private final TestDatabase database;
  private final int views;
  private final SplittableRandom random =
      new SplittableRandom(Long.getLong("freshet.race.seed", 1));

  private Race(TestDatabase database, int views) {
    this.database = database;
    this.views = views;
  }

  /// Creates the tables and the views `v1`, `v2` and so on.
  ///
  /// @param options of each view
  /// @param queries of the views, which can read earlier ones
  static Race over(TestDatabase database, String options, List<String> queries) throws Exception {
    database.execute(
        """
        CREATE TABLE a (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, k integer NOT NULL, x integer);
        CREATE TABLE b (LIKE a INCLUDING ALL);
        CREATE TABLE c (LIKE a INCLUDING ALL);
        INSERT INTO a (k, x) SELECT g % 4, g FROM generate_series(1, 12) g;
        INSERT INTO b (k, x) SELECT g % 4, g FROM generate_series(1, 8) g;
        INSERT INTO c (k, x) SELECT g % 4, g FROM generate_series(1, 6) g\
        """);
    Freshet freshet = Freshet.connect(database.source());
    freshet.install();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < queries.size(); i++) {
      text.append(
          """
          CREATE MATERIALIZED VIEW v%d WITH (%s, freshet.on_error = 'fail-write')
          AS %s;
          """
              .formatted(i + 1, options, queries.get(i)));
    }
    ApplyOptions views = new ApplyOptions(false, "views");
    freshet.apply(
        freshet.plan(List.of(new ViewSource("v.sql", text.toString())), views),
        Progress.Listener.NONE,
        new Cancellation());
    return new Race(database, queries.size());
  }

  /// Lets all connections run, and returns what has become of their transactions.
  Tally run(List<Isolation> levels) throws Exception {
    Tally tally = new Tally();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Tally>> racers = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        racers.add(
            threads.submit(new Racer(database.connect(), random.split(), TRANSACTIONS, levels)));
      }
      for (Future<Tally> racer : racers) {
        tally.add(racer.get());
      }
    }
    return tally;
  }

  /// As above, while another connection keeps running a statement.
  Tally run(List<Isolation> levels, String meanwhile) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> repeated = threads.submit(() -> repeat(meanwhile, over));
      try {
        return run(levels);
      } finally {
        over.set(true);
        repeated.get();
      }
    }
  }

  private boolean repeat(String sql, AtomicBoolean over) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      while (!over.get()) {
        statement.execute(sql);
      }
    }
    return true;
  }

  /// @throws AssertionError if a view differs from its query
  void compare() throws Exception {
    for (int i = 1; i <= views; i++) {
      new Oracle(database.connect()).check("v" + i);
    }
  }
}
