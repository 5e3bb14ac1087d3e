package dev.freshet.tests.benchmark;

import java.util.ArrayList;
import java.util.List;

/// What immediate maintenance adds to a write: the same statements on copies of a table without a
/// view, with one that statements maintain, and with one that commits maintain; and with one of
/// pg_ivm where the server has that extension.
final class ImmediateCost {
  private static final int SINGLE = 300;
  private static final int LARGE = 100_000;

  /// Tables for views of pg_ivm.
  private static final String IVM = "ivm";

  private static final String IVM_JOINED = "ivm_joined";

  private static final String SUMS =
      "SELECT branch, count(*) AS n, sum(amount) AS amount FROM %s GROUP BY branch";
  private static final String JOIN =
      "SELECT b.name, count(*) AS n, sum(a.amount) AS amount FROM %s a JOIN branches b ON b.id = a.branch GROUP BY b.name";

  private final Database database;
  private final int runs;

  ImmediateCost(Database database, int runs) {
    this.database = database;
    this.runs = runs;
  }

  void run(Report report) throws Exception {
    report.section("What immediate maintenance costs a writer");
    report.say(
        "Tables of 100,000 rows in 100 groups; sums by group, and sums by name over a join with 100 branches. Medians of %d runs; single rows in a transaction each, %d of them. Goals are those of `eager`, and of `on-commit` for the join."
            .formatted(runs, SINGLE));
    try (Database.Session session = database.open()) {
      boolean ivm =
          session.number("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_ivm'") > 0;
      List<String> tables = new ArrayList<>(List.of("plain", "eager", "on_commit", "joined"));
      if (ivm) {
        tables.addAll(List.of(IVM, IVM_JOINED));
      }
      for (String table : tables) {
        session.execute(
            """
            CREATE TABLE %1$s (id bigserial PRIMARY KEY, branch integer NOT NULL, amount numeric(10,2), note text);
            INSERT INTO %1$s (branch, amount, note) SELECT g %% 100, g %% 1000, 'note ' || g FROM generate_series(1, 100000) g
            """
                .formatted(table));
      }
      session.execute(
          "CREATE TABLE branches (id integer PRIMARY KEY, name text); INSERT INTO branches SELECT g, 'b' || g FROM generate_series(0, 99) g");
      create("v_eager", "eager", SUMS.formatted("eager"));
      create("v_on_commit", "on-commit", SUMS.formatted("on_commit"));
      create("v_joined", "on-commit", JOIN.formatted("joined"));
      if (ivm) {
        createIvm(session);
      }
      session.execute("VACUUM (ANALYZE) branches, " + String.join(", ", tables));
      report.comparisons();
      for (String table :
          ivm ? List.of("eager", "on_commit", IVM) : List.of("eager", "on_commit")) {
        sums(session, report, table);
      }
      for (String table : ivm ? List.of("joined", IVM_JOINED) : List.of("joined")) {
        compare(
            session,
            report,
            table,
            new Work("update 1 row, join", SINGLE, Goal.atMost(1.6)),
            "UPDATE %s SET amount = amount + 1 WHERE id = 500");
      }
      afterLarge(session, report);
    }
  }

  /// The function stands in a schema that differs from version to version.
  private static void createIvm(Database.Session session) throws Exception {
    session.execute("CREATE EXTENSION pg_ivm");
    String function =
        session.text("SELECT p.oid::regproc::text FROM pg_proc p WHERE p.proname = 'create_immv'");
    String create = "SELECT " + function + "('v_%1$s', '%2$s')";
    session.execute(create.formatted(IVM, SUMS.formatted(IVM)));
    session.execute(create.formatted(IVM_JOINED, JOIN.formatted(IVM_JOINED)));
  }

  private void create(String view, String refresh, String query) {
    database
        .freshet()
        .create(
            "CREATE MATERIALIZED VIEW %s WITH (freshet.refresh = '%s') AS %s;"
                .formatted(view, refresh, query));
  }

  /// @param times statements in one measured step
  private record Work(String what, int times, Goal goal) {}

  private void sums(Database.Session session, Report report, String table) throws Exception {
    Work insert = new Work("insert 1 row", SINGLE, Goal.atMost(1.6));
    Work update = new Work("update 1 row", SINGLE, Goal.atMost(1.6));
    Work delete = new Work("delete 1 row", SINGLE, Goal.atMost(2));
    Work inserts = new Work("insert 1,000 rows", 1, Goal.atMost(2.5));
    Work updates = new Work("update 1,000 rows", 1, Goal.atMost(2.3));
    Work deletes = new Work("delete 1,000 rows", 1, Goal.atMost(4));
    compare(
        session,
        report,
        table,
        insert,
        "INSERT INTO %s (branch, amount, note) VALUES (7, 3.5, 'one')");
    compare(session, report, table, update, "UPDATE %s SET amount = amount + 1 WHERE id = 500");
    compare(
        session,
        report,
        table,
        delete,
        "DELETE FROM %1$s WHERE id = (SELECT min(id) FROM %1$s WHERE id > 1000)");
    compare(
        session,
        report,
        table,
        inserts,
        "INSERT INTO %s (branch, amount, note) SELECT g %% 100, g, 'many' FROM generate_series(1, 1000) g");
    compare(
        session,
        report,
        table,
        updates,
        "UPDATE %s SET amount = amount + 1 WHERE id BETWEEN 1 AND 1000");
    compare(
        session,
        report,
        table,
        deletes,
        "DELETE FROM %1$s WHERE id IN (SELECT id FROM %1$s WHERE id > 1000 ORDER BY id LIMIT 1000)");
  }

  private void compare(
      Database.Session session, Report report, String table, Work work, String statement)
      throws Exception {
    Rounds.Times measured =
        new Rounds()
            .of("with", () -> repeat(session, statement.formatted(table), work.times()))
            .of("without", () -> repeat(session, statement.formatted("plain"), work.times()))
            .run(work.times() == 1 ? runs * 5 : runs);
    Samples with = measured.of("with");
    Samples without = measured.of("without");
    report.compare(
        "%s, %s / no view"
            .formatted(
                work.what(), table.replace("on_commit", "on-commit").replace("ivm", "pg_ivm")),
        with.each(work.times()),
        without.each(work.times()),
        with.ratioTo(without),
        List.of("eager", "joined").contains(table) ? work.goal() : Goal.none());
  }

  /// Plans that a session keeps must not be those of a large statement.
  private void afterLarge(Database.Session warm, Report report) throws Exception {
    String one = "INSERT INTO eager (branch, amount, note) VALUES (7, 3.5, 'one')";
    try (Database.Session session = database.open()) {
      session.execute(
          "INSERT INTO eager (branch, amount, note) SELECT g %% 100, g, 'large' FROM generate_series(1, %d) g"
              .formatted(LARGE));
      Rounds.Times measured =
          new Rounds()
              .of("after", () -> repeat(session, one, SINGLE))
              .of("before", () -> repeat(warm, one, SINGLE))
              .run(runs);
      report.compare(
          "insert 1 row, eager, after 100,000 rows in one statement / without",
          measured.of("after").each(SINGLE),
          measured.of("before").each(SINGLE),
          measured.of("after").ratioTo(measured.of("before")),
          Goal.atMost(1.25));
    }
  }

  private static void repeat(Database.Session session, String statement, int times)
      throws Exception {
    for (int i = 0; i < times; i++) {
      session.execute(statement);
    }
  }
}
