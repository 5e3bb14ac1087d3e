package dev.freshet.tests.benchmark;

/// What capture adds to a write: the same statements on a table without a view, and on its copy
/// with one incremental view.
final class CaptureCost {
  private static final int SINGLE = 500;
  private static final int BULK = 1000;

  private final Database database;
  private final int runs;

  CaptureCost(Database database, int runs) {
    this.database = database;
    this.runs = runs;
  }

  void run(Report report) throws Exception {
    report.section("What capture costs a writer");
    report.say(
        "Tables with a primary key and five columns, one of them with an incremental view that uses three. Medians of %d runs; single rows in a transaction each, %d of them."
            .formatted(runs, SINGLE));
    try (Database.Session session = database.open()) {
      for (String table : new String[] {"uncaptured", "captured"}) {
        session.execute(
            """
            CREATE TABLE %1$s (id bigserial PRIMARY KEY, product integer, amount numeric(10,2), note text, at timestamptz DEFAULT now());
            INSERT INTO %1$s (product, amount, note) SELECT g %% 100, g, 'note ' || g FROM generate_series(1, 100000) g
            """
                .formatted(table));
      }
      database
          .freshet()
          .create(
              "CREATE MATERIALIZED VIEW of_captured WITH (freshet.refresh = 'incremental') AS SELECT product, count(*) AS n, sum(amount) AS total FROM captured GROUP BY product;");
      session.execute("VACUUM (ANALYZE) captured, uncaptured");
      report.comparisons();
      compare(
          session,
          report,
          "insert 1 row",
          SINGLE,
          Goal.atMost(1.25),
          "INSERT INTO %s (product, amount, note) VALUES (7, 3.5, 'one')");
      compare(
          session,
          report,
          "update 1 row",
          SINGLE,
          Goal.none(),
          "UPDATE %s SET amount = amount + 1 WHERE id = 500");
      compare(
          session,
          report,
          "insert 1,000 rows",
          1,
          Goal.atMost(1.6),
          "INSERT INTO %%s (product, amount, note) SELECT g %%%% 100, g, 'many' FROM generate_series(1, %d) g"
              .formatted(BULK));
      compare(
          session,
          report,
          "update 1,000 rows",
          1,
          Goal.none(),
          "UPDATE %%s SET amount = amount + 1 WHERE id BETWEEN 1 AND %d".formatted(BULK));
    }
  }

  private void compare(
      Database.Session session, Report report, String what, int times, Goal goal, String statement)
      throws Exception {
    int rounds = times == 1 ? runs * 10 : runs;
    Rounds.Times measured =
        new Rounds()
            .before(() -> session.execute("CALL freshet.refresh('of_captured')"))
            .of("with", () -> repeat(session, statement.formatted("captured"), times))
            .of("without", () -> repeat(session, statement.formatted("uncaptured"), times))
            .run(rounds);
    Samples with = measured.of("with");
    Samples without = measured.of("without");
    report.compare(
        what + ", captured / not captured",
        with.each(times),
        without.each(times),
        with.ratioTo(without),
        goal);
  }

  private static void repeat(Database.Session session, String statement, int times)
      throws Exception {
    for (int i = 0; i < times; i++) {
      session.execute(statement);
    }
  }
}
