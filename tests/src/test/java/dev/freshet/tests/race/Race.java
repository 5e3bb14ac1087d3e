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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// A database with one view over three tables that many connections change.
final class Race {
  private static final int CONNECTIONS = 16;
  private static final int TRANSACTIONS = Integer.getInteger("freshet.race.transactions", 12);

  private final TestDatabase database;
  private final SplittableRandom random =
      new SplittableRandom(Long.getLong("freshet.race.seed", 1));

  private Race(TestDatabase database) {
    this.database = database;
  }

  /// Creates the tables and the view `v` of a query.
  ///
  /// @param options of the view
  static Race over(TestDatabase database, String options, String query) throws Exception {
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
    String text =
        """
        CREATE MATERIALIZED VIEW v WITH (%s, freshet.on_error = 'fail-write')
        AS %s\
        """
            .formatted(options, query);
    ApplyOptions views = new ApplyOptions(false, "views");
    freshet.apply(
        freshet.plan(List.of(new ViewSource("v.sql", text)), views),
        Progress.Listener.NONE,
        new Cancellation());
    return new Race(database);
  }

  /// Lets all connections run, and returns how many transactions they have committed.
  Map<Isolation, Integer> run(List<Isolation> levels) throws Exception {
    Map<Isolation, Integer> committed = new EnumMap<>(Isolation.class);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Map<Isolation, Integer>>> racers = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        racers.add(
            threads.submit(new Racer(database.connect(), random.split(), TRANSACTIONS, levels)));
      }
      for (Future<Map<Isolation, Integer>> racer : racers) {
        racer.get().forEach((level, count) -> committed.merge(level, count, Integer::sum));
      }
    }
    return committed;
  }

  /// As above, while another connection keeps running a statement.
  Map<Isolation, Integer> run(List<Isolation> levels, String meanwhile) throws Exception {
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

  /// @throws AssertionError if the view differs from its query
  void compare() throws Exception {
    new Oracle(database.connect()).check("v");
  }
}
