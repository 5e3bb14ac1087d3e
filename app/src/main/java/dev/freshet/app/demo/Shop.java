package dev.freshet.app.demo;

import dev.freshet.FreshetException;
import dev.freshet.app.show.Bar;
import dev.freshet.app.show.Screen;
import dev.freshet.compiler.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// A shop's tables: orders of three years with seasons and growth, two items an order on average,
/// few products that sell most and few users that order most.
final class Shop {
  /// Rows of orders in one statement: small enough for a bar that moves.
  private static final int CHUNK = 20_000;

  private static final String OBJECT_NOT_OURS = "42P07";

  private static final String TABLES =
      """
      DROP TABLE IF EXISTS order_items, orders, products;
      CREATE TABLE products (id int NOT NULL, name text NOT NULL, category text NOT NULL);
      CREATE TABLE orders (
        id bigint NOT NULL,
        user_id int NOT NULL,
        created_at timestamp NOT NULL,
        status text NOT NULL,
        amount_cents bigint NOT NULL
      );
      COMMENT ON TABLE orders IS 'freshet demo: loading';
      CREATE TABLE order_items (
        order_id bigint NOT NULL,
        product_id int NOT NULL,
        quantity int NOT NULL
      );
      SELECT setseed(0.42);
      INSERT INTO products
      SELECT id,
             'product ' || id,
             (ARRAY['books', 'music', 'games', 'garden', 'kitchen', 'sports', 'toys', 'travel'])
               [1 + id % 8]
      FROM generate_series(1, 1000) AS id;
      """;

  /// Parameters: first and last id. Later orders are more, and each year has its season.
  private static final String PAST_ORDERS =
      """
      INSERT INTO orders
      SELECT id,
             1 + floor(power(random(), 2.5) * 200000)::int,
             localtimestamp
               - interval '1096 days' * power(u + 0.02 * sin(6 * pi() * u), 1.3),
             CASE WHEN s < 0.85 THEN 'completed'
                  WHEN s < 0.92 THEN 'shipped'
                  WHEN s < 0.97 THEN 'cancelled'
                  ELSE 'refunded' END,
             500 + floor(power(random(), 4) * 50000)::bigint
      FROM (SELECT id, random() AS u, random() AS s
            FROM generate_series(?::bigint, ?::bigint) AS id) AS drawn
      """;

  /// Parameters: first and last id.
  private static final String NEW_ORDERS =
      """
      INSERT INTO orders
      SELECT id,
             1 + floor(power(random(), 2.5) * 200000)::int,
             localtimestamp,
             CASE WHEN random() < 0.85 THEN 'completed' ELSE 'shipped' END,
             500 + floor(power(random(), 4) * 50000)::bigint
      FROM generate_series(?::bigint, ?::bigint) AS id
      """;

  /// Parameters: first and last id of the orders. One item for 45 % of them, five for 10 %.
  private static final String ITEMS =
      """
      INSERT INTO order_items
      SELECT id, 1 + floor(power(random(), 3) * 1000)::int, 1 + floor(random() * 3)::int
      FROM generate_series(?::bigint, ?::bigint) AS id,
           generate_series(1, CASE WHEN id % 20 < 9 THEN 1
                                   WHEN id % 20 < 15 THEN 2
                                   WHEN id % 20 < 18 THEN 3
                                   ELSE 5 END)
      """;

  /// What makes the tables usable, in order, with the name of each step.
  private static final List<Step> FINISH =
      List.of(
          new Step(
              "primary keys",
              "ALTER TABLE products ADD PRIMARY KEY (id); ALTER TABLE orders ADD PRIMARY KEY (id)"),
          new Step("indexes", "CREATE INDEX ON order_items (order_id)"),
          new Step(
              "foreign keys",
              "ALTER TABLE order_items ADD FOREIGN KEY (order_id) REFERENCES orders,"
                  + " ADD FOREIGN KEY (product_id) REFERENCES products"),
          new Step("statistics", "VACUUM (ANALYZE) products, orders, order_items"));

  private final Connection connection;
  private final long orders;

  private Shop(Connection connection, long orders) {
    this.connection = connection;
    this.orders = orders;
  }

  /// Opens the shop on this connection: takes the tables of an earlier run of the same size, else
  /// loads them.
  static Shop open(Connection connection, long orders, Screen screen) throws SQLException {
    Shop shop = new Shop(connection, orders);
    String comment = shop.comment();
    if (comment.equals(shop.ownComment())) {
      shop.removeAddedOrders();
      screen.note("The shop is here from the last run.");
    } else {
      shop.load(screen);
    }
    return shop;
  }

  /// Adds new orders of today with their items.
  void addOrders(long count) throws SQLException {
    long last = number("SELECT max(id) FROM orders");
    insert(NEW_ORDERS, last + 1, last + count);
    insert(ITEMS, last + 1, last + count);
  }

  /// Rows of table orders when the shop opened.
  long orders() {
    return orders;
  }

  long count(String table) throws SQLException {
    return number("SELECT count(*) FROM " + table);
  }

  private void load(Screen screen) throws SQLException {
    execute("SET synchronous_commit = off");
    execute(TABLES);
    try (Bar bar = Bar.ofSteps(screen, "loading orders", orders)) {
      for (long first = 1; first <= orders; first += CHUNK) {
        long last = Math.min(first + CHUNK - 1, orders);
        insert(PAST_ORDERS, first, last);
        insert(ITEMS, first, last);
        bar.stepTo(last);
      }
    }
    try (Bar bar = Bar.ofSteps(screen, "preparing tables", FINISH.size())) {
      for (int i = 0; i < FINISH.size(); i++) {
        bar.message(FINISH.get(i).name());
        execute(FINISH.get(i).sql());
        bar.stepTo(i + 1L);
      }
    }
    execute("RESET synchronous_commit");
    execute("COMMENT ON TABLE orders IS '" + ownComment() + "'");
  }

  /// Orders that an earlier run added are taken away, so that runs compare.
  private void removeAddedOrders() throws SQLException {
    execute("DELETE FROM order_items WHERE order_id > " + orders);
    execute("DELETE FROM orders WHERE id > " + orders);
    execute("VACUUM (ANALYZE) orders, order_items");
  }

  /// The comment on a table of orders that is there already; empty if there is none.
  private String comment() throws SQLException {
    String sql = "SELECT to_regclass('orders'), obj_description(to_regclass('orders'), 'pg_class')";
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      String table = row.getString(1);
      String comment = row.getString(2);
      if (table != null && (comment == null || !comment.startsWith("freshet demo: "))) {
        throw new FreshetException(
            Problem.of(OBJECT_NOT_OURS, "table \"orders\" exists and is not the demo's")
                .withHint("Rename it, or drop it if nobody needs it."));
      }
      return comment == null ? "" : comment;
    }
  }

  private String ownComment() {
    return "freshet demo: %d orders".formatted(orders);
  }

  private void insert(String sql, long first, long last) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setLong(1, first);
      insert.setLong(2, last);
      insert.executeUpdate();
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private record Step(String name, String sql) {}
}
