package dev.freshet.tests.benchmark;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/// What it costs to read pending changes together with the stored rows.
final class RealTimeReads {
  private static final int POINTS = 200;
  private static final int GROUPS = 1000;
  private static final int[] PENDING = {0, 100, 5000};

  private final Database database;
  private final int rows;
  private final int runs;

  RealTimeReads(Database database, int rows, int runs) {
    this.database = database;
    this.rows = rows;
    this.runs = runs;
  }

  void run(Report report) throws Exception {
    report.section("Reading in real time");
    report.say(
        "Views of %,d groups over %,d rows, the second joined with a table of %,d rows. One row by its key, prepared, in turns; medians of %d blocks of %d reads. The changes that wait are insertions into random groups."
            .formatted(GROUPS, rows, rows / 10, runs * 3, POINTS));
    report.comparisons();
    try (Database.Session session = database.open()) {
      prepare(session);
      for (int pending : PENDING) {
        session.execute("CALL freshet.refresh_all()");
        session.execute(
            "INSERT INTO sold (buyer, amount) SELECT 1 + floor(random() * %d)::int, g FROM generate_series(1, %d) g"
                .formatted(rows / 10, pending));
        points(report, "sold_by_group", pending);
        points(report, "sold_by_town", pending);
        scans(session, report, pending);
      }
    }
  }

  private void prepare(Database.Session session) throws Exception {
    session.execute(
        """
        SET synchronous_commit = off;
        CREATE TABLE buyers AS SELECT id, id %% %2$d AS town FROM generate_series(1, %1$d / 10) id;
        ALTER TABLE buyers ADD PRIMARY KEY (id);
        CREATE TABLE sold (id bigserial PRIMARY KEY, buyer integer NOT NULL, amount integer NOT NULL);
        INSERT INTO sold (buyer, amount) SELECT 1 + g %% (%1$d / 10), g %% 100 FROM generate_series(1, %1$d) g;
        CREATE INDEX ON sold (buyer);
        RESET synchronous_commit
        """
            .formatted(rows, GROUPS));
    session.execute("VACUUM (ANALYZE) sold, buyers");
    create(
        "sold_by_group",
        "SELECT buyer %% %d AS place, count(*) AS n, sum(amount) AS total FROM sold GROUP BY 1");
    create(
        "sold_by_town",
        "SELECT b.town %% %d AS place, count(*) AS n, sum(s.amount) AS total FROM sold s JOIN buyers b ON b.id = s.buyer GROUP BY 1");
  }

  private void create(String view, String query) {
    database
        .freshet()
        .create(
            "CREATE MATERIALIZED VIEW %1$s WITH (freshet.refresh = 'incremental') AS %2$s; CREATE UNIQUE INDEX %1$s_key ON %1$s (place);"
                .formatted(view, query.formatted(GROUPS)));
  }

  private void points(Report report, String view, int pending) throws Exception {
    String sql = "SELECT n, total FROM %s WHERE place = ?";
    try (Database.Session session = database.open("extended");
        PreparedStatement current =
            session.connection().prepareStatement(sql.formatted(view + "_realtime"));
        PreparedStatement stored = session.connection().prepareStatement(sql.formatted(view))) {
      Rounds rounds =
          new Rounds().of("current", () -> read(current)).of("stored", () -> read(stored));
      rounds.run(3); // warms up both
      Rounds.Times times = rounds.run(runs * 3);
      Samples ours = times.of("current");
      Samples theirs = times.of("stored");
      report.compare(
          "point read, %s, %,d pending: real-time / stored"
              .formatted(view.equals("sold_by_town") ? "join" : "one table", pending),
          ours.each(POINTS),
          theirs.each(POINTS),
          ours.ratioTo(theirs),
          pending == 100 ? Goal.atMost(4) : Goal.none());
    }
  }

  private static void read(PreparedStatement statement) throws SQLException {
    for (int i = 0; i < POINTS; i++) {
      statement.setInt(1, i * 7919 % GROUPS);
      try (ResultSet row = statement.executeQuery()) {
        Database.Session.readAll(row);
      }
    }
  }

  /// All groups, beside what computing them takes.
  private void scans(Database.Session session, Report report, int pending) throws Exception {
    String query =
        session.text(
            "SELECT definition FROM freshet.materialized_views WHERE relation = 'sold_by_town'::regclass");
    Rounds rounds =
        new Rounds()
            .of("current", () -> session.execute("SELECT sum(total) FROM sold_by_town_realtime"))
            .of("query", () -> session.execute("SELECT sum(total) FROM " + query));
    rounds.run(2); // warms up both
    Rounds.Times times = rounds.run(runs * 3);
    Samples ours = times.of("current");
    Samples theirs = times.of("query");
    report.compare(
        String.format(Locale.ROOT, "all groups, join, %,d pending: real-time / the query", pending),
        ours.toString(),
        theirs.toString(),
        ours.ratioTo(theirs),
        Goal.none());
  }
}
