package dev.freshet.tests.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The monthly report of a shop: computed, read from a view, refreshed, and read while refreshed.
final class MonthlyReport {
  private static final int READS = 101;

  private final Database database;
  private final int orders;
  private final int runs;

  MonthlyReport(Database database, int orders, int runs) {
    this.database = database;
    this.orders = orders;
    this.runs = runs;
  }

  void run(Report report) throws Exception {
    try (Database.Session session = database.open()) {
      session.execute(ShopSql.load(orders));
      session.execute("VACUUM (ANALYZE) orders, order_items, products");
      session.execute("CREATE MATERIALIZED VIEW native_report AS " + ShopSql.REPORT);
      for (String index : ShopSql.indexes("native_report")) {
        session.execute(index);
      }
      database
          .freshet()
          .create(
              "CREATE MATERIALIZED VIEW report AS %s;\n%s;"
                  .formatted(ShopSql.REPORT, String.join(";\n", ShopSql.indexes("report"))));
      report.section("The monthly report");
      report.say(
          "A shop with %,d orders and %,d order items; the view has %,d rows. Medians of %d runs; each refresh after %,d new orders."
              .formatted(
                  orders,
                  session.number("SELECT count(*) FROM order_items"),
                  session.number("SELECT count(*) FROM report"),
                  runs,
                  ShopSql.NEW_ORDERS));
      report.comparisons();
      compareReads(session, report);
      Rounds.Times refreshes = compareRefreshes(session);
      tellRefreshes(refreshes, report);
      new Pauses(database, session, runs).run(report);
    }
  }

  private void compareReads(Database.Session session, Report report) throws Exception {
    List<Duration> raw = new ArrayList<>();
    List<Duration> view = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      raw.add(Rounds.time(() -> session.execute(ShopSql.REPORT)));
      for (int j = 0; j < READS / runs; j++) {
        view.add(Rounds.time(() -> session.execute("SELECT * FROM report")));
      }
    }
    Samples ours = new Samples(view);
    Samples theirs = new Samples(raw);
    report.compare(
        "read the view / compute the report (how many times as fast)",
        ours.toString(),
        theirs.toString(),
        theirs.ratioTo(ours),
        Goal.atLeast(240));
  }

  private Rounds.Times compareRefreshes(Database.Session session) throws Exception {
    Rounds rounds = new Rounds().before(() -> session.execute(ShopSql.addOrders()));
    ShopSql.refreshes().forEach((name, sql) -> rounds.of(name, () -> session.execute(sql)));
    return rounds.run(runs);
  }

  private static void tellRefreshes(Rounds.Times times, Report report) {
    Map<String, Goal> goals = new LinkedHashMap<>();
    goals.put("swap", Goal.atMost(1.15));
    goals.put("full", Goal.none());
    goals.put("concurrent", Goal.none());
    Samples nativeRefresh = times.of("REFRESH");
    goals.forEach((name, goal) ->
        report.compare(
            "refresh, " + name + " / REFRESH MATERIALIZED VIEW",
            times.of(name).toString(),
            nativeRefresh.toString(),
            times.of(name).ratioTo(nativeRefresh),
            goal));
    Samples concurrently = times.of("REFRESH CONCURRENTLY");
    report.compare(
        "refresh, concurrent / REFRESH CONCURRENTLY",
        times.of("concurrent").toString(),
        concurrently.toString(),
        times.of("concurrent").ratioTo(concurrently),
        Goal.none());
  }
}
