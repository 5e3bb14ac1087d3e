package dev.freshet.tests.benchmark;

/// The first build of a view with its index. Freshet's also writes statistics and the catalog.
final class FirstBuild {
  private final Database database;
  private final int rows;
  private final int runs;

  FirstBuild(Database database, int rows, int runs) {
    this.database = database;
    this.rows = rows;
    this.runs = runs;
  }

  void run(Report report) throws Exception {
    Accounts.prepare(database, rows);
    report.section("The first build");
    report.say(
        "Creating a view of %,d rows with a unique index, and with an aggregate; medians of %d runs. Freshet's time is that of the whole call, with statistics and catalog; the other is CREATE MATERIALIZED VIEW and CREATE INDEX."
            .formatted(rows, runs));
    report.comparisons();
    compare("copy of the table", Accounts.query("accounts"), "id", report);
    compare(
        "aggregate",
        "SELECT region, opened, count(*) AS accounts, sum(balance) AS balance FROM accounts GROUP"
            + " BY region, opened",
        "region, opened",
        report);
  }

  private void compare(String what, String query, String key, Report report) throws Exception {
    // Autovacuum would be at work on one while the next is dropped.
    String create = "CREATE MATERIALIZED VIEW %s WITH (autovacuum_enabled = false) AS " + query;
    String index = "CREATE UNIQUE INDEX %1$s_key ON %1$s (" + key + ")";
    try (Database.Session session = database.open()) {
      Rounds.Step plain =
          () -> {
            session.execute(create.formatted("built_native"));
            session.execute(index.formatted("built_native"));
          };
      Rounds.Times times =
          new Rounds()
              .before(() -> remove(session))
              .of(
                  "ours",
                  () ->
                      database
                          .freshet()
                          .create(
                              create.formatted("built") + ";\n" + index.formatted("built") + ";"))
              .of("native", plain)
              .of(
                  "analyzed",
                  () -> {
                    plain.run();
                    session.execute("ANALYZE built_native");
                  })
              .run(runs);
      row(report, "create, " + what, times.of("ours"), times.of("native"), Goal.atMost(1.2));
      row(
          report,
          "the same / with ANALYZE, too",
          times.of("ours"),
          times.of("analyzed"),
          Goal.none());
    }
  }

  private void remove(Database.Session session) throws Exception {
    session.execute("DROP MATERIALIZED VIEW IF EXISTS built_native");
    if (database.freshet().view("built").isPresent()) {
      database.freshet().drop("built");
    }
  }

  private static void row(Report report, String what, Samples ours, Samples theirs, Goal goal) {
    report.compare(what, ours.toString(), theirs.toString(), ours.ratioTo(theirs), goal);
  }
}
