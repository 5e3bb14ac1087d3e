package dev.freshet.tests.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The shop of the monthly report: two items for each order on average.
final class ShopSql {
  static final int NEW_ORDERS = 1000;

  static final String REPORT =
      """
      SELECT date_trunc('month', o.created_at) AS month, p.category,
        count(DISTINCT o.id) AS order_count, count(DISTINCT o.user_id) AS unique_customers,
        sum(o.amount_cents) / 100.0 AS revenue, avg(o.amount_cents) / 100.0 AS avg_order_value
      FROM orders o
      JOIN order_items oi ON oi.order_id = o.id
      JOIN products p ON p.id = oi.product_id
      WHERE o.status = 'completed'
      GROUP BY 1, 2
      ORDER BY 1 DESC, 2
      """;

  private ShopSql() {}

  static String load(int orders) {
    return """
    SET synchronous_commit = off;
    SELECT setseed(0.5);
    CREATE TABLE products AS
      SELECT id, 'product ' || id AS name, 'category ' || 1 + floor(12 * power(random(), 2))::int AS category
      FROM generate_series(1, 1000) id;
    CREATE TABLE orders AS
      SELECT id, 1 + floor(power(random(), 2.5) * 200000)::int AS user_id,
        localtimestamp - interval '730 days' * sqrt(random()) AS created_at,
        CASE WHEN random() < 0.85 THEN 'completed' ELSE 'cancelled' END AS status,
        500 + floor(power(random(), 4) * 50000)::bigint AS amount_cents
      FROM generate_series(1, %1$d) id;
    CREATE TABLE order_items AS
      SELECT o AS order_id, 1 + floor(power(random(), 3) * 1000)::int AS product_id, 1 + floor(random() * 3)::int AS quantity
      FROM generate_series(1, %1$d) o, generate_series(1, 1 + o %% 3) n;
    ALTER TABLE products ADD PRIMARY KEY (id), ALTER category SET NOT NULL;
    ALTER TABLE orders ADD PRIMARY KEY (id), ALTER user_id SET NOT NULL, ALTER created_at SET NOT NULL;
    CREATE INDEX ON order_items (order_id);
    RESET synchronous_commit
    """
        .formatted(orders);
  }

  static String addOrders() {
    return """
    WITH added AS (
      INSERT INTO orders
      SELECT (SELECT max(id) FROM orders) + n, 1 + floor(random() * 200000)::int, localtimestamp, 'completed', 5000
      FROM generate_series(1, %d) n RETURNING id
    )
    INSERT INTO order_items
    SELECT id, 1 + floor(random() * 1000)::int, 1 FROM added, generate_series(1, 2)
    """
        .formatted(NEW_ORDERS);
  }

  static List<String> indexes(String view) {
    return List.of(
        "CREATE INDEX %1$s_month ON %1$s (month DESC)".formatted(view),
        "CREATE INDEX %1$s_category ON %1$s (category)".formatted(view),
        "CREATE UNIQUE INDEX %1$s_unique ON %1$s (month, category)".formatted(view));
  }

  /// Every way to refresh, by name.
  static Map<String, String> refreshes() {
    Map<String, String> ways = new LinkedHashMap<>();
    ways.put("swap", "CALL freshet.refresh('report', 'swap')");
    ways.put("REFRESH", "REFRESH MATERIALIZED VIEW native_report");
    ways.put("full", "CALL freshet.refresh('report', 'full')");
    ways.put("concurrent", "CALL freshet.refresh('report', 'concurrent')");
    ways.put("REFRESH CONCURRENTLY", "REFRESH MATERIALIZED VIEW CONCURRENTLY native_report");
    return ways;
  }
}
