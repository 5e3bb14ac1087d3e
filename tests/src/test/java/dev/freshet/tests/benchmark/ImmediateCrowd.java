package dev.freshet.tests.benchmark;

import java.util.function.IntFunction;

/// How many transactions clients commit together while views are maintained immediately, beside
/// copies of the tables without a view, and beside the plain scheme that locks the view.
final class ImmediateCrowd {
  private static final String RENAMED = "'b' || id || ' ' || clock_timestamp()";

  private final Database database;
  private final int runs;

  ImmediateCrowd(Database database, int runs) {
    this.database = database;
    this.runs = runs;
  }

  void run(Report report) throws Exception {
    report.section("Clients that write at the same time");
    report.say(
        "Transactions in a second, medians of %d turns of %d seconds. The tables are those of the part before, with copies in which the view is locked by the first statement until the transaction ends."
            .formatted(runs, Contest.SECONDS));
    try (Database.Session session = database.open()) {
      session.execute(
          """
          CREATE TABLE locked (LIKE joined INCLUDING ALL);
          INSERT INTO locked SELECT * FROM joined;
          CREATE TABLE locked_branches (LIKE branches INCLUDING ALL);
          INSERT INTO locked_branches SELECT * FROM branches;
          CREATE TABLE view_lock ();
          CREATE FUNCTION lock_view() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN LOCK TABLE view_lock IN EXCLUSIVE MODE; RETURN NULL; END';
          CREATE TRIGGER lock_view BEFORE INSERT OR UPDATE OR DELETE ON locked FOR EACH STATEMENT EXECUTE FUNCTION lock_view();
          CREATE TRIGGER lock_view BEFORE INSERT OR UPDATE OR DELETE ON locked_branches FOR EACH STATEMENT EXECUTE FUNCTION lock_view()\
          """);
      database
          .freshet()
          .create(
              "CREATE MATERIALIZED VIEW v_locked WITH (freshet.refresh = 'on-commit') AS SELECT b.name, count(*) AS n, sum(a.amount) AS amount FROM locked a JOIN locked_branches b ON b.id = a.branch GROUP BY b.name;");
      session.execute("VACUUM (ANALYZE) locked, locked_branches");
    }
    report.comparisons();
    String insert = "INSERT INTO %s (branch, amount, note) VALUES (%d, 3.5, 'one')";
    compare(
        report,
        new Contest("8 clients, insert 1 row, eager / no view", 8, Goal.atLeast(0.6)),
        client -> insert.formatted("eager", client),
        client -> insert.formatted("plain", client));
    String update = "UPDATE %s SET amount = amount + 1 WHERE id = %d";
    compare(
        report,
        new Contest("8 clients, update 1 row, on-commit join / no view", 8, Goal.atLeast(0.35)),
        client -> update.formatted("joined", 500 + client),
        client -> update.formatted("plain", 500 + client));
    compare(
        report,
        both("half of them rename branches", Goal.atLeast(4)),
        client -> both(client, "joined", "branches", RENAMED),
        client -> both(client, "locked", "locked_branches", RENAMED));
    compare(
        report,
        both("half of them set branches to what they are", Goal.none()),
        client -> both(client, "joined", "branches", "name"),
        client -> both(client, "locked", "locked_branches", "name"));
  }

  private static Contest both(String what, Goal goal) {
    return new Contest(
        "16 clients with 2 ms to think, half of them change accounts, %s, on-commit join / locked view"
            .formatted(what),
        16,
        goal);
  }

  private static String both(int client, String accounts, String branches, String name) {
    String change =
        client % 2 == 0
            ? "UPDATE %s SET amount = amount + 1 WHERE id = %d".formatted(accounts, 500 + client)
            : "UPDATE %s SET name = %s WHERE id = %d".formatted(branches, name, 50 + client);
    return "BEGIN; " + change + "; SELECT pg_sleep(0.002); COMMIT";
  }

  private void compare(
      Report report, Contest contest, IntFunction<String> ours, IntFunction<String> other)
      throws Exception {
    contest.run(database, runs, report, ours, other);
  }
}
