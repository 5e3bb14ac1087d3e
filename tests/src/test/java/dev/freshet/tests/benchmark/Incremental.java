package dev.freshet.tests.benchmark;

import java.util.Locale;

/// Refreshes that apply a thousand changes, beside PostgreSQL's own refresh of the same view.
final class Incremental {
  private static final String BRANCHED =
      "SELECT a.id, a.owner, b.name, a.balance FROM ledger a JOIN branches b ON b.id = a.region";

  private final Database database;
  private final int rows;
  private final int orders;
  private final int runs;

  Incremental(Database database, int rows, int orders, int runs) {
    this.database = database;
    this.rows = rows;
    this.orders = orders;
    this.runs = runs;
  }

  void run(Report report) throws Exception {
    report.section("Incremental refresh");
    report.say(
        "1,000 rows changed before each refresh; medians of %d runs. The refresh is the whole CALL with its transactions, locks and history."
            .formatted(runs));
    report.row("what", "Freshet", "beside it", "ratio", "goal", "met");
    report.row("---", "---:", "---:", "---:", "---:", "---");
    try (Database.Session session = database.open()) {
      daily(session, report);
      branched(session, report);
      monthly(session, report);
    }
  }

  private void daily(Database.Session session, Report report) throws Exception {
    prepareDaily(session, "sys_order", rows);
    prepareDaily(session, "sys_order_large", rows * 10L);
    Rounds.Times times =
        new Rounds()
            .before(() -> {
              session.execute(addOrders("sys_order"));
              session.execute(addOrders("sys_order_large"));
            })
            .of("small", () -> session.execute("CALL freshet.refresh('daily_sys_order')"))
            .of("large", () -> session.execute("CALL freshet.refresh('daily_sys_order_large')"))
            .run(runs * 5);
    Samples small = times.of("small");
    tell(report, "30 days x 100 products, %,d rows".formatted(rows), small, 5);
    Samples large = times.of("large");
    report.compare(
        "the same, base 10 times as large / base",
        large.toString(),
        small.toString(),
        large.ratioTo(small),
        Goal.atMost(1.3));
    Samples empty =
        new Rounds()
            .of("empty", () -> session.execute("CALL freshet.refresh('daily_sys_order')"))
            .run(runs * 10)
            .of("empty");
    tell(report, "nothing changed", empty, 1);
  }

  private static void tell(Report report, String what, Samples samples, double limit) {
    double milliseconds = samples.median().toNanos() / 1e6;
    report.row(
        what,
        samples.toString(),
        "",
        "",
        String.format(Locale.ROOT, "at most %.0f ms", limit),
        Goal.atMost(limit).verdict(milliseconds));
  }

  private void prepareDaily(Database.Session session, String table, long size) throws Exception {
    session.execute(
        """
        SET synchronous_commit = off;
        CREATE TABLE %1$s (order_id bigserial PRIMARY KEY, product_id integer NOT NULL, item_count integer NOT NULL, order_dt timestamp NOT NULL);
        INSERT INTO %1$s (product_id, item_count, order_dt)
          SELECT g %% 100 + 1, g %% 10 + 1, current_date - g / 7 %% 30 * interval '1 day' FROM generate_series(1::bigint, %2$d) g;
        RESET synchronous_commit
        """
            .formatted(table, size));
    session.execute("VACUUM (ANALYZE) " + table);
    database
        .freshet()
        .create(
            "CREATE MATERIALIZED VIEW daily_%1$s WITH (freshet.refresh = 'incremental') AS SELECT order_dt, product_id, sum(item_count) AS item_total FROM %1$s GROUP BY order_dt, product_id;"
                .formatted(table));
  }

  private static String addOrders(String table) {
    return "INSERT INTO %s (product_id, item_count, order_dt) SELECT g %% 100 + 1, 3, current_date - g / 7 %% 30 * interval '1 day' FROM generate_series(1, 1000) g"
        .formatted(table);
  }

  private void branched(Database.Session session, Report report) throws Exception {
    session.execute(
        """
        SET synchronous_commit = off;
        CREATE TABLE branches AS SELECT id, 'branch ' || id AS name FROM generate_series(0, 99) id;
        CREATE TABLE ledger AS SELECT id, 'owner ' || id AS owner, id %% 100 AS region, id * 7919 %% 1000000 AS balance FROM generate_series(1::bigint, %d) id;
        ALTER TABLE branches ADD PRIMARY KEY (id);
        ALTER TABLE ledger ADD PRIMARY KEY (id);
        RESET synchronous_commit
        """
            .formatted(rows));
    session.execute("VACUUM (ANALYZE) ledger, branches");
    session.execute("CREATE MATERIALIZED VIEW native_branched AS " + BRANCHED);
    session.execute("CREATE UNIQUE INDEX ON native_branched (id)");
    database
        .freshet()
        .create(
            "CREATE MATERIALIZED VIEW branched WITH (freshet.refresh = 'incremental') AS %s;"
                .formatted(BRANCHED));
    Rounds.Times times =
        new Rounds()
            .before(() ->
                session.execute(
                    "UPDATE ledger SET balance = balance + 1 WHERE id %% %1$d = floor(random() * %1$d)::int"
                        .formatted(Math.max(1, rows / 1000))))
            .of("ours", () -> session.execute("CALL freshet.refresh('branched')"))
            .of(
                "native",
                () -> session.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY native_branched"))
            .run(runs);
    compare(report, "accounts x branches, %,d rows / REFRESH CONCURRENTLY".formatted(rows), times);
  }

  private void monthly(Database.Session session, Report report) throws Exception {
    if (session.text("SELECT to_regclass('orders') IS NULL").equals("t")) {
      session.execute(ShopSql.load(orders));
      session.execute("VACUUM (ANALYZE) orders, order_items, products");
      session.execute("CREATE MATERIALIZED VIEW native_report AS " + ShopSql.REPORT);
    }
    session.execute("CREATE INDEX ON orders (user_id, created_at)");
    session.execute("ANALYZE orders");
    database
        .freshet()
        .create(
            "CREATE MATERIALIZED VIEW monthly WITH (freshet.refresh = 'incremental') AS %s;"
                .formatted(ShopSql.REPORT));
    Rounds.Times times =
        new Rounds()
            .before(() ->
                session.execute(
                    "INSERT INTO order_items SELECT 1 + floor(random() * %d)::int, 1 + floor(random() * 1000)::int, 1 FROM generate_series(1, 1000)"
                        .formatted(orders)))
            .of("ours", () -> session.execute("CALL freshet.refresh('monthly')"))
            .of("native", () -> session.execute("REFRESH MATERIALIZED VIEW native_report"))
            .run(runs);
    compare(
        report,
        "monthly report of %,d orders with an index on (user_id, created_at) / REFRESH"
            .formatted(orders),
        times);
  }

  private static void compare(Report report, String what, Rounds.Times times) {
    Samples ours = times.of("ours");
    Samples theirs = times.of("native");
    double ratio = ours.ratioTo(theirs);
    report.row(
        what,
        ours.toString(),
        theirs.toString(),
        String.format(Locale.ROOT, "1/%.0f", 1 / ratio),
        "at most 1/100",
        Goal.atMost(0.01).verdict(ratio));
  }
}
