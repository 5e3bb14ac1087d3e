package dev.freshet.tests.benchmark;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// What the view over the storage costs its readers.
final class Reading {
  private static final int POINTS = 1000;
  private static final int POINT_ROUNDS = 41;
  private static final int SCAN_ROUNDS = 31;

  private final Database database;
  private final int rows;

  Reading(Database database, int rows) {
    this.database = database;
    this.rows = rows;
  }

  void run(Report report) throws Exception {
    Accounts.prepare(database, rows);
    report.section("Reading through the view");
    report.say(
        "The view and its storage table, %,d rows, in turns. A point is one row by its key; medians of %d blocks of %d points, and of %d scans."
            .formatted(rows, POINT_ROUNDS, POINTS, SCAN_ROUNDS));
    report.comparisons();
    String storage = storage();
    points("extended", "point read, prepared: view / table", storage, Goal.atMost(1.2), report);
    points("simple", "point read, simple protocol: view / table", storage, Goal.none(), report);
    pointsInside("point read inside a function: view / table", storage, report);
    scans("count(*)", storage, report);
    scans("sum(balance), max(owner)", storage, report);
  }

  private String storage() throws SQLException {
    try (Database.Session session = database.open()) {
      session.execute("VACUUM (ANALYZE)");
      return session.text(
          "SELECT storage FROM freshet.materialized_views WHERE relation ="
              + " 'managed_accounts'::regclass");
    }
  }

  private void points(String mode, String what, String storage, Goal goal, Report report)
      throws Exception {
    String sql = "SELECT owner, balance FROM %s WHERE id = ?";
    try (Database.Session session = database.open(mode);
        PreparedStatement view =
            session.connection().prepareStatement(sql.formatted("managed_accounts"));
        PreparedStatement table = session.connection().prepareStatement(sql.formatted(storage))) {
      Rounds rounds = new Rounds().of("view", () -> read(view)).of("table", () -> read(table));
      rounds.run(3); // warms up both
      Rounds.Times times = rounds.run(POINT_ROUNDS);
      Samples ours = times.of("view");
      Samples theirs = times.of("table");
      report.compare(what, ours.each(POINTS), theirs.each(POINTS), ours.ratioTo(theirs), goal);
    }
  }

  /// There the content is checked anew by each query.
  private void pointsInside(String what, String storage, Report report) throws Exception {
    String loop =
        """
        DO $$ DECLARE found text; BEGIN
          FOR i IN 1..%d LOOP SELECT owner INTO found FROM %s WHERE id = i; END LOOP;
        END $$
        """;
    try (Database.Session session = database.open()) {
      Rounds rounds =
          new Rounds()
              .of("view", () -> session.execute(loop.formatted(POINTS, "managed_accounts")))
              .of("table", () -> session.execute(loop.formatted(POINTS, storage)));
      rounds.run(3); // warms up both
      Rounds.Times times = rounds.run(POINT_ROUNDS);
      Samples ours = times.of("view");
      Samples theirs = times.of("table");
      report.compare(
          what, ours.each(POINTS), theirs.each(POINTS), ours.ratioTo(theirs), Goal.none());
    }
  }

  private void read(PreparedStatement statement) throws SQLException {
    for (int i = 0; i < POINTS; i++) {
      statement.setLong(1, 1 + i * 7919L % rows);
      try (ResultSet row = statement.executeQuery()) {
        Database.Session.readAll(row);
      }
    }
  }

  private void scans(String what, String storage, Report report) throws Exception {
    try (Database.Session session = database.open()) {
      session.execute("SET max_parallel_workers_per_gather = 0");
      Rounds rounds =
          new Rounds()
              .of("view", () -> session.execute("SELECT %s FROM managed_accounts".formatted(what)))
              .of("table", () -> session.execute("SELECT %s FROM %s".formatted(what, storage)));
      rounds.run(3); // warms up both
      Rounds.Times times = rounds.run(SCAN_ROUNDS);
      Samples ours = times.of("view");
      Samples theirs = times.of("table");
      report.compare(
          "scan, " + what + ": view / table",
          ours.toString(),
          theirs.toString(),
          ours.ratioTo(theirs),
          Goal.atMost(1.02));
    }
  }
}
