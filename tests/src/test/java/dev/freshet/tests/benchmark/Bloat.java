package dev.freshet.tests.benchmark;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/// What many refreshes leave behind: the size of a view after each has changed one row in a
/// hundred, divided by its size when it was new. Autovacuum runs at the settings of the storage.
final class Bloat {
  /// Stands for the storage's own setting.
  static final int DEFAULT_FILLFACTOR = 0;

  private static final int ONE_IN = 100;
  private static final Duration PACE = Duration.ofMillis(250);

  private final Database database;
  private final int rows;
  private final int refreshes;
  private final List<Integer> fillfactors;

  Bloat(Database database, int rows, int refreshes, List<Integer> fillfactors) {
    this.database = database;
    this.rows = rows;
    this.refreshes = refreshes;
    this.fillfactors = fillfactors;
  }

  void run(Report report) throws Exception {
    report.section("Size after many refreshes");
    report.say(
        "A view of %,d rows, %d refreshes, each after 1 %% of its rows changed, at most one in %d ms; autovacuum_naptime 1 s, cost limits at their defaults. \"Two indexes\" has a second index, on a column that changes. Size with indexes, when new and at the end."
            .formatted(rows, refreshes, PACE.toMillis()));
    report.row(
        "view", "fill factor", "new", "at the end", "ratio", "median refresh", "goal", "met");
    report.row("---", "---", "---:", "---:", "---:", "---:", "---:", "---");
    for (boolean second : new boolean[] {false, true}) {
      for (int fillfactor : fillfactors) {
        measure(second, fillfactor, report);
      }
      measureNative(second, report);
    }
  }

  private void measure(boolean second, int fillfactor, Report report) throws Exception {
    try (Database.Session session = database.open()) {
      makeTable(session);
      String with =
          fillfactor == DEFAULT_FILLFACTOR ? "" : " WITH (fillfactor = %d)".formatted(fillfactor);
      database
          .freshet()
          .create("CREATE MATERIALIZED VIEW bloat" + with + definition("bloat", second));
      String storage =
          "(SELECT storage FROM freshet.materialized_views WHERE relation = 'bloat'::regclass)";
      Outcome outcome = refresh(session, storage, "CALL freshet.refresh('bloat', 'concurrent')");
      String label = fillfactor == DEFAULT_FILLFACTOR ? "default" : String.valueOf(fillfactor);
      outcome.tell(name("concurrent", second), label, Goal.atMost(1.5), report);
      database.freshet().drop("bloat");
    }
  }

  private void measureNative(boolean second, Report report) throws Exception {
    try (Database.Session session = database.open()) {
      makeTable(session);
      for (String statement :
          ("CREATE MATERIALIZED VIEW bloat" + definition("bloat", second)).split(";", -1)) {
        session.execute(statement);
      }
      Outcome outcome = refresh(session, "'bloat'", "REFRESH MATERIALIZED VIEW CONCURRENTLY bloat");
      outcome.tell(name("REFRESH CONCURRENTLY", second), "100", Goal.none(), report);
      session.execute("DROP MATERIALIZED VIEW bloat");
    }
  }

  private static String name(String way, boolean second) {
    return way + (second ? ", two indexes" : ", one index");
  }

  private static String definition(String view, boolean second) {
    String more = second ? ";\nCREATE INDEX %1$s_balance ON %1$s (balance)".formatted(view) : "";
    return " AS SELECT id, owner, region, balance FROM bloat_accounts;\nCREATE UNIQUE INDEX %1$s_id ON %1$s (id)"
            .formatted(view)
        + more;
  }

  private void makeTable(Database.Session session) throws SQLException {
    session.execute("DROP TABLE IF EXISTS bloat_accounts CASCADE");
    session.execute(
        """
        CREATE TABLE bloat_accounts WITH (fillfactor = 50) AS
          SELECT id, 'owner ' || id AS owner, id %% 50 AS region, id * 7919 %% 1000000 AS balance
          FROM generate_series(1::bigint, %d) id
        """
            .formatted(rows));
    session.execute("ALTER TABLE bloat_accounts ADD PRIMARY KEY (id)");
    session.execute("VACUUM (ANALYZE) bloat_accounts");
  }

  private Outcome refresh(Database.Session session, String relation, String statement)
      throws Exception {
    String size = "SELECT pg_total_relation_size(%s::regclass)".formatted(relation);
    long fresh = session.number(size);
    List<Duration> times = new ArrayList<>();
    for (int i = 0; i < refreshes; i++) {
      long next = System.nanoTime() + PACE.toNanos();
      session.execute(
          "UPDATE bloat_accounts SET balance = balance + 1 WHERE hashint8(id + %d) %% %d = 0"
              .formatted(i * 1_000_003L, ONE_IN));
      times.add(Rounds.time(() -> session.execute(statement)));
      LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
    }
    return new Outcome(fresh, session.number(size), new Samples(times));
  }

  private record Outcome(long fresh, long grown, Samples times) {
    void tell(String name, String fillfactor, Goal goal, Report report) {
      double ratio = (double) grown / fresh;
      report.row(
          name,
          fillfactor,
          megabytes(fresh),
          megabytes(grown),
          String.format(Locale.ROOT, "%.2fx", ratio),
          times.toString(),
          goal.text(),
          goal.verdict(ratio));
    }

    private static String megabytes(long bytes) {
      return String.format(Locale.ROOT, "%.1f MB", bytes / 1048576.0);
    }
  }
}
