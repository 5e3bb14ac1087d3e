package dev.freshet.tests.benchmark;

import java.util.List;

/// Clients that all write to one group of a view, with a row for each of eight shards and with one
/// row; and what the shards cost who reads the view.
final class HotGroup {
  private static final int CLIENTS = 8;
  private static final int READS = 1000;
  private static final String EAGER = "freshet.refresh = 'eager'";
  private static final String ON_COMMIT = "freshet.refresh = 'on-commit'";
  private static final String SHARDS = ", freshet.shards = 8";

  private final Database database;
  private final int runs;

  HotGroup(Database database, int runs) {
    this.database = database;
    this.runs = runs;
  }

  void run(Report report) throws Exception {
    report.section("Clients that write to one group");
    report.say(
        "Tables of 100,000 rows in 100 groups, of which %d clients write to one. Transactions in a second, medians of %d turns of %d seconds; point reads, %d of them, after the clients have written."
            .formatted(CLIENTS, runs, Contest.SECONDS, READS));
    create();
    report.comparisons();
    for (String table : List.of("hot_eager", "hot_shards", "hot_commit", "hot_commit_shards")) {
      compare(report, "insert 1 row, " + name(table), "%s", table, "hot_plain");
    }
    String thinking = "BEGIN; %s; SELECT pg_sleep(0.002); COMMIT";
    for (String table : List.of("hot_eager", "hot_shards")) {
      compare(
          report, "insert 1 row with 2 ms to think, " + name(table), thinking, table, "hot_plain");
    }
    reads(report);
  }

  private void create() throws Exception {
    copy("hot_plain");
    view("hot_eager", EAGER);
    view("hot_shards", EAGER + SHARDS);
    view("hot_commit", ON_COMMIT);
    view("hot_commit_shards", ON_COMMIT + SHARDS);
  }

  private void copy(String table) throws Exception {
    try (Database.Session session = database.open()) {
      session.execute(
          """
          CREATE TABLE %1$s (id bigserial PRIMARY KEY, branch integer NOT NULL, amount numeric(10,2), note text);
          INSERT INTO %1$s (branch, amount, note) SELECT g %% 100, g %% 1000, 'note ' || g FROM generate_series(1, 100000) g
          """
              .formatted(table));
      session.execute("VACUUM (ANALYZE) " + table);
    }
  }

  private void view(String table, String options) throws Exception {
    copy(table);
    database
        .freshet()
        .create(
            "CREATE MATERIALIZED VIEW v_%1$s WITH (%2$s) AS SELECT branch, count(*) AS n, sum(amount) AS amount FROM %1$s GROUP BY branch;"
                .formatted(table, options));
  }

  private static String name(String table) {
    return table
            .replace("hot_", "")
            .replace("commit", "on-commit")
            .replaceFirst("_?shards", " with 8 shards")
            .replaceFirst("^ ", "eager ")
        + " / no view";
  }

  private void compare(Report report, String what, String transaction, String ours, String other)
      throws Exception {
    String insert =
        transaction.formatted("INSERT INTO %s (branch, amount, note) VALUES (7, 3.5, 'one')");
    new Contest(CLIENTS + " clients, " + what, CLIENTS, Goal.none())
        .run(database, runs, report, _ -> insert.formatted(ours), _ -> insert.formatted(other));
  }

  private void reads(Report report) throws Exception {
    try (Database.Session session = database.open()) {
      session.execute("VACUUM (ANALYZE)");
      Rounds.Times measured =
          new Rounds()
              .of("shards", () -> read(session, "v_hot_shards"))
              .of("one row", () -> read(session, "v_hot_eager"))
              .run(runs * 3);
      report.compare(
          "read the group, 8 shards / one row",
          measured.of("shards").each(READS),
          measured.of("one row").each(READS),
          measured.of("shards").ratioTo(measured.of("one row")),
          Goal.none());
    }
  }

  private static void read(Database.Session session, String view) throws Exception {
    for (int i = 0; i < READS; i++) {
      session.execute("SELECT * FROM " + view + " WHERE branch = 7");
    }
  }
}
