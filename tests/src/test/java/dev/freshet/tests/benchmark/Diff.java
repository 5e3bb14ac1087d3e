package dev.freshet.tests.benchmark;

/// The difference written to a large view of which one row in a thousand has changed.
final class Diff {
  private static final int ONE_IN = 1000;

  private final Database database;
  private final int rows;
  private final int runs;

  Diff(Database database, int rows, int runs) {
    this.database = database;
    this.rows = rows;
    this.runs = runs;
  }

  void run(Report report) throws Exception {
    Accounts.prepare(database, rows);
    report.section("Writing the difference");
    report.say(
        "Views of %,d rows with a unique index, 0.1 %% of the rows changed before each refresh. Medians of %d runs."
            .formatted(rows, runs));
    report.comparisons();
    compare("accounts", "integers, text, dates", report);
    compare("prices", "numeric columns", report);
  }

  private void compare(String table, String columns, Report report) throws Exception {
    try (Database.Session session = database.open()) {
      Rounds.Times times =
          new Rounds()
              .before(() -> session.execute(Accounts.change(table, ONE_IN)))
              .of(
                  "ours",
                  () ->
                      session.execute(
                          "CALL freshet.refresh('managed_%s', 'concurrent')".formatted(table)))
              .of(
                  "native",
                  () -> session.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY native_" + table))
              .run(runs);
      Samples ours = times.of("ours");
      Samples theirs = times.of("native");
      report.compare(
          "concurrent / REFRESH CONCURRENTLY, " + columns,
          ours.toString(),
          theirs.toString(),
          ours.ratioTo(theirs),
          Goal.atMost(0.7));
    }
  }
}
