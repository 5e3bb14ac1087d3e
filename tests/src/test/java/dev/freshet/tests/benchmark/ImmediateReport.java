package dev.freshet.tests.benchmark;

import java.util.List;

/// The monthly report as a view that commits maintain: what a new item and a new order cost, beside
/// the same shop without a view.
final class ImmediateReport {
  private static final int TIMES = 20;

  private final Database database;
  private final int orders;
  private final int runs;

  ImmediateReport(Database database, int orders, int runs) {
    this.database = database;
    this.orders = orders;
    this.runs = runs;
  }

  void run(Report report) throws Exception {
    report.section("The monthly report, maintained at each commit");
    report.say(
        "A shop with %,d orders and an index on (user_id, created_at), and its copy without a view. Medians of %d runs of %d transactions each."
            .formatted(orders, runs, TIMES));
    try (Database.Session session = database.open()) {
      session.execute("CREATE SCHEMA plain_shop; CREATE SCHEMA shop; SET search_path = shop");
      session.execute(ShopSql.load(orders));
      session.execute(
          "CREATE INDEX ON orders (created_at); CREATE INDEX ON orders (user_id, created_at); CREATE INDEX ON order_items (product_id)");
      for (String table : List.of("products", "orders", "order_items")) {
        session.execute(
            "CREATE TABLE plain_shop.%1$s (LIKE shop.%1$s INCLUDING ALL); INSERT INTO plain_shop.%1$s SELECT * FROM shop.%1$s"
                .formatted(table));
      }
      database.freshet().create(view());
      session.execute("VACUUM (ANALYZE)");
      report.comparisons();
      compare(
          session,
          report,
          "insert 1 item",
          Goal.atMost(1.3),
          "INSERT INTO %s.order_items SELECT 1 + floor(random() * 1000)::int, 7, 1");
      compare(
          session,
          report,
          "insert 1 order",
          Goal.atMost(2.5),
          "INSERT INTO %1$s.orders SELECT max(id) + 1, 7, localtimestamp, 'completed', 5000 FROM %1$s.orders");
    }
  }

  private static String view() {
    String query =
        ShopSql.REPORT
            .replace("FROM orders", "FROM shop.orders")
            .replace("JOIN order_items", "JOIN shop.order_items")
            .replace("JOIN products", "JOIN shop.products");
    return "CREATE MATERIALIZED VIEW shop.report WITH (freshet.refresh = 'on-commit') AS " + query;
  }

  private void compare(
      Database.Session session, Report report, String what, Goal goal, String statement)
      throws Exception {
    Rounds.Times measured =
        new Rounds()
            .of("with", () -> repeat(session, statement.formatted("shop")))
            .of("without", () -> repeat(session, statement.formatted("plain_shop")))
            .run(runs);
    Samples with = measured.of("with");
    Samples without = measured.of("without");
    report.compare(
        what + ", on-commit / no view",
        with.each(TIMES),
        without.each(TIMES),
        with.ratioTo(without),
        goal);
  }

  private static void repeat(Database.Session session, String statement) throws Exception {
    for (int i = 0; i < TIMES; i++) {
      session.execute(statement);
    }
  }
}
