package dev.freshet.tests.benchmark;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What a change log costs who writes and who reads it, in each layout, beside a table that nobody
/// captures.
final class LogLayouts {
  private static final String NONE = "uncaptured";
  private static final int SINGLE = 500;
  private static final int BULK = 1000;
  private static final int MANY = 100_000;

  private final Database database;
  private final int runs;

  LogLayouts(Database database, int runs) {
    this.database = database;
    this.runs = runs;
  }

  /// What waits, and what a view has seen that another one has not.
  private record Waiting(String what, int seen, int statements, int rows) {}

  void run(Report report) throws Exception {
    report.section("The layout of change logs");
    report.say(
        "Tables with a primary key and five columns, three of them captured. Medians of %d rounds, in turns; statements issued within the server."
            .formatted(runs * 10));
    report.row(
        "what",
        "not captured",
        "row log",
        "with btree(xid)",
        "array for each statement",
        "the same, not compressed");
    report.row("---", "---:", "---:", "---:", "---:", "---:");
    try (Database.Session session = database.open("simple")) {
      prepare(session);
      capture(session, report, "insert 1 row", SINGLE, 1);
      capture(session, report, "insert 1,000 rows", 1, BULK);
      log(session, report, "WAL of 1 row", 1);
      log(session, report, "WAL of 1,000 rows", BULK);
      read(session, report, new Waiting("1,000 rows of one statement", 0, 1, BULK));
      read(session, report, new Waiting("1,000 rows of as many statements", 0, BULK, 1));
      read(session, report, new Waiting("1,000 rows behind 100,000 seen", MANY, 1, BULK));
      read(session, report, new Waiting("100,000 rows of 100 statements", 0, MANY / BULK, BULK));
      sizes(session, report);
    }
  }

  private static void prepare(Database.Session session) throws SQLException {
    session.execute(
        "CREATE TYPE captured_columns AS (product integer, amount numeric(10,2), at timestamptz)");
    create(session, NONE);
    for (LogLayout layout : LogLayout.values()) {
      create(session, layout.table());
      session.execute(layout.script());
    }
    session.execute("VACUUM (ANALYZE)");
  }

  private static void create(Database.Session session, String table) throws SQLException {
    session.execute(
        "CREATE TABLE %s (id bigserial PRIMARY KEY, product integer, amount numeric(10,2), note text, at timestamptz DEFAULT now())"
            .formatted(table));
    insert(session, table, 1, MANY);
  }

  private static void insert(Database.Session session, String table, int statements, int rows)
      throws SQLException {
    session.execute(
        """
        DO $$ BEGIN FOR i IN 1 .. %d LOOP
          INSERT INTO %s (product, amount, note) SELECT g %% 100, g + i, 'many' FROM generate_series(1, %d) g;
        END LOOP; END $$\
        """
            .formatted(statements, table, rows));
  }

  private void capture(
      Database.Session session, Report report, String what, int statements, int rows)
      throws Exception {
    Rounds rounds = new Rounds().of(NONE, () -> insert(session, NONE, statements, rows));
    for (LogLayout layout : LogLayout.values()) {
      rounds.of(layout.table(), () -> insert(session, layout.table(), statements, rows));
    }
    rounds.run(2); // warms up all
    Rounds.Times times = rounds.run(runs * 10);
    Samples without = times.of(NONE);
    List<String> cells = new ArrayList<>(List.of(what, without.each(statements)));
    for (LogLayout layout : LogLayout.values()) {
      cells.add(Report.times(times.of(layout.table()).ratioTo(without)));
    }
    report.row(cells.toArray(String[]::new));
  }

  /// The least of some statements, since a checkpoint makes the next writes longer.
  private void log(Database.Session session, Report report, String what, int rows)
      throws SQLException {
    List<String> cells = new ArrayList<>(List.of(what));
    List<String> tables = new ArrayList<>(List.of(NONE));
    Stream.of(LogLayout.values()).map(LogLayout::table).forEach(tables::add);
    for (String table : tables) {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < runs * 10; i++) {
        String start = session.text("SELECT pg_current_wal_insert_lsn()");
        insert(session, table, 1, rows);
        least =
            Math.min(
                least,
                session.number("SELECT pg_current_wal_insert_lsn() - '%s'".formatted(start)));
      }
      cells.add(String.format(Locale.ROOT, "%.1f kB", least / 1e3));
    }
    report.row(cells.toArray(String[]::new));
  }

  private void read(Database.Session session, Report report, Waiting waiting) throws Exception {
    Rounds rounds = new Rounds();
    for (LogLayout layout : LogLayout.values()) {
      String query = waiting(session, layout, waiting);
      rounds.of(layout.table(), () -> session.execute(query));
    }
    rounds.run(2); // warms up all
    Rounds.Times times = rounds.run(runs * 10);
    List<String> cells = new ArrayList<>(List.of("read " + waiting.what(), ""));
    for (LogLayout layout : LogLayout.values()) {
      cells.add(times.of(layout.table()).toString());
    }
    report.row(cells.toArray(String[]::new));
  }

  /// Fills a log, and returns the query of what waits.
  private static String waiting(Database.Session session, LogLayout layout, Waiting waiting)
      throws SQLException {
    session.execute("TRUNCATE %s_changes".formatted(layout.table()));
    insert(session, layout.table(), waiting.seen() / BULK, BULK);
    String since = session.text("SELECT pg_current_snapshot()");
    String own = session.text("SELECT pg_current_xact_id()");
    insert(session, layout.table(), waiting.statements(), waiting.rows());
    session.execute("VACUUM (ANALYZE) %s_changes".formatted(layout.table()));
    return layout.read(since, own);
  }

  /// After the last read.
  private static void sizes(Database.Session session, Report report) throws SQLException {
    List<String> cells = new ArrayList<>(List.of("size of these 100,000", ""));
    for (LogLayout layout : LogLayout.values()) {
      double bytes =
          session.number("SELECT pg_total_relation_size('%s_changes')".formatted(layout.table()));
      cells.add(String.format(Locale.ROOT, "%.1f MB", bytes / 1e6));
    }
    report.row(cells.toArray(String[]::new));
  }
}
