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
    String create = "CREATE MATERIALIZED VIEW %s AS " + query;
    String index = "CREATE UNIQUE INDEX %1$s_key ON %1$s (" + key + ")";
    try (Database.Session session = database.open()) {
      Rounds.Times times =
          new Rounds()
              .before(() -> {
                session.execute("DROP MATERIALIZED VIEW IF EXISTS built_native");
                if (database.freshet().view("built").isPresent()) {
                  database.freshet().drop("built");
                }
              })
              .of(
                  "ours",
                  () ->
                      database
                          .freshet()
                          .create(
                              create.formatted("built") + ";\n" + index.formatted("built") + ";"))
              .of(
                  "native",
                  () -> {
                    session.execute(create.formatted("built_native"));
                    session.execute(index.formatted("built_native"));
                  })
              .run(runs);
      Samples ours = times.of("ours");
      Samples theirs = times.of("native");
      report.compare(
          "create, " + what, ours.toString(), theirs.toString(), ours.ratioTo(theirs), Goal.none());
    }
  }
}
