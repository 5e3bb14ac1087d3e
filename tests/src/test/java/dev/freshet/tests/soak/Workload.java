package dev.freshet.tests.soak;

import dev.freshet.Freshet;
import dev.freshet.tests.server.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.random.RandomGenerator;

/// Tables, views of every kind of plan over them, and statements that keep changing them. Keys come
/// from small ranges, so that writers meet one another, groups come and go, and rows find partners.
final class Workload {
  private static final int CUSTOMERS = 60;
  private static final int REGIONS = 5;

  private static final String TABLES =
      """
      CREATE TABLE customers (id int PRIMARY KEY, region int, score numeric(6,2));
      CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        customer int REFERENCES customers ON DELETE CASCADE, amount numeric(8,2), note text);
      CREATE INDEX ON orders (customer);
      CREATE TABLE notes (customer int, note text);
      INSERT INTO customers SELECT n, n % 5, n FROM generate_series(0, 59) n;
      INSERT INTO orders (customer, amount, note) SELECT n % 60, n % 97, n % 7 FROM generate_series(1, 1500) n;\
      """;

  private static final List<String> VIEWS =
      List.of(
          "by_region AS SELECT c.region, count(*) AS orders, sum(o.amount) AS amount, avg(o.amount) AS mean FROM customers c JOIN orders o ON o.customer = c.id GROUP BY c.region",
          "extremes AS SELECT customer, min(amount) AS least, max(amount) AS most, count(DISTINCT note) AS notes FROM orders GROUP BY customer",
          "listed AS SELECT o.id, o.amount, c.region, c.score FROM orders o JOIN customers c ON c.id = o.customer WHERE o.amount > 10",
          "idle AS SELECT c.id, c.region FROM customers c WHERE NOT EXISTS (SELECT FROM orders o WHERE o.customer = c.id AND o.amount > 90)",
          "padded AS SELECT c.id, c.score, n.note FROM customers c LEFT JOIN notes n ON n.customer = c.id",
          "ranked AS SELECT id, customer, amount, rank() OVER (PARTITION BY customer ORDER BY amount DESC, id) AS place FROM orders",
          "noted AS SELECT DISTINCT note, customer FROM notes UNION SELECT note, customer FROM orders",
          "regions AS SELECT r.orders, count(*) AS regions, sum(r.amount) AS amount FROM by_region r GROUP BY r.orders");

  private static final List<String> IMMEDIATE =
      List.of(
          "by_region AS SELECT c.region, count(*) AS orders, sum(o.amount) AS amount, max(o.amount) AS most FROM customers c JOIN orders o ON o.customer = c.id GROUP BY c.region",
          "listed AS SELECT o.id, o.amount, c.region, c.score FROM orders o JOIN customers c ON c.id = o.customer WHERE o.amount > 10",
          "extremes AS SELECT customer, min(amount) AS least, max(amount) AS most, count(DISTINCT note) AS notes FROM orders GROUP BY customer",
          "idle AS SELECT c.id, c.region FROM customers c WHERE NOT EXISTS (SELECT FROM orders o WHERE o.customer = c.id AND o.amount > 90)",
          "padded AS SELECT c.id, c.score, n.note FROM customers c LEFT JOIN notes n ON n.customer = c.id");

  private static final List<String> EAGER =
      List.of(
          "total AS SELECT count(*) AS orders, sum(amount) AS amount FROM orders",
          "by_score AS SELECT id, count(*) AS n, sum(region) AS regions FROM customers GROUP BY id");

  private final int statements;

  /// @param major version of the server; MERGE exists since 15
  Workload(int major) {
    this.statements = major < 15 ? 11 : 12;
  }

  /// Views that are refreshed.
  static void create(TestDatabase database) throws SQLException {
    database.execute(TABLES);
    create(database, VIEWS, "freshet.refresh = 'incremental'");
  }

  /// Views that transactions maintain.
  static void createImmediate(TestDatabase database) throws SQLException {
    database.execute(TABLES);
    create(database, IMMEDIATE, "freshet.refresh = 'on-commit', freshet.on_error = 'fail-write'");
    create(database, EAGER, "freshet.refresh = 'eager', freshet.on_error = 'fail-write'");
  }

  private static void create(TestDatabase database, List<String> views, String options) {
    Freshet freshet = Freshet.connect(database.source());
    views.forEach(view ->
        freshet.create(
            "CREATE MATERIALIZED VIEW "
                + view.replaceFirst(" AS ", " WITH (%s) AS ".formatted(options))));
  }

  /// One random statement.
  String statement(RandomGenerator random) {
    int customer = random.nextInt(CUSTOMERS);
    int amount = random.nextInt(100);
    return switch (random.nextInt(statements)) {
      case 0, 1, 2 ->
          "INSERT INTO orders (customer, amount, note) SELECT id, %d, id %% 7 FROM customers WHERE id %% %d = 0"
              .formatted(amount, 3 + random.nextInt(20));
      case 3 ->
          "UPDATE orders SET amount = amount + %d WHERE customer = %d"
              .formatted(amount - 50, customer);
      case 4 ->
          "DELETE FROM orders WHERE customer = %d AND amount < %d".formatted(customer, amount);
      case 5 ->
          "UPDATE orders SET customer = (SELECT min(id) FROM customers WHERE id >= %d) WHERE customer = %d"
              .formatted(random.nextInt(CUSTOMERS), customer);
      case 6 ->
          "INSERT INTO customers VALUES (%d, %d, %d) ON CONFLICT (id) DO UPDATE SET region = excluded.region, score = customers.score + 1"
              .formatted(customer, random.nextInt(REGIONS), amount);
      case 7 -> "DELETE FROM customers WHERE id = " + customer;
      case 8 ->
          "WITH gone AS (DELETE FROM orders WHERE customer = %d AND amount > 50 RETURNING customer, note) INSERT INTO notes SELECT customer, note FROM gone"
              .formatted(customer);
      case 9 -> "DELETE FROM notes WHERE customer = " + customer;
      case 10 ->
          "UPDATE customers SET score = score, region = NULLIF(%d, 0) WHERE id = %d"
              .formatted(random.nextInt(REGIONS), customer);
      default ->
          "MERGE INTO customers c USING (SELECT %d AS id, %d AS region) n ON n.id = c.id WHEN MATCHED AND c.score > 50 THEN DELETE WHEN MATCHED THEN UPDATE SET region = n.region WHEN NOT MATCHED THEN INSERT VALUES (n.id, n.region, 0)"
              .formatted(customer, random.nextInt(REGIONS));
    };
  }
}
