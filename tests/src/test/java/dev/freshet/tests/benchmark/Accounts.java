package dev.freshet.tests.benchmark;

import java.sql.SQLException;

/// Large views that copy a table, one of plain columns and one of numeric ones, each beside a
/// native materialized view of the same query.
final class Accounts {
  private Accounts() {}

  /// Makes table and native view, unless an earlier part has.
  static void prepare(Database database, int rows) throws SQLException {
    try (Database.Session session = database.open()) {
      if (session.text("SELECT to_regclass('accounts') IS NOT NULL").equals("t")) {
        return;
      }
      session.execute(
          """
          SET synchronous_commit = off;
          CREATE TABLE accounts AS
            SELECT id, 'owner ' || id AS owner, id %% 50 AS region, id * 7919 %% 1000000 AS balance,
              date '2020-01-01' + (id %% 2000)::int AS opened
            FROM generate_series(1::bigint, %1$d) id;
          CREATE TABLE prices AS
            SELECT id, 'sku ' || id AS sku, round(id * 7919 %% 100000 / 100.0, 2) AS price,
              round(id %% 1000 / 10000.0, 4) AS tax, (id %% 100)::int AS quantity
            FROM generate_series(1::bigint, %1$d) id;
          ALTER TABLE accounts ADD PRIMARY KEY (id);
          ALTER TABLE prices ADD PRIMARY KEY (id);
          RESET synchronous_commit
          """
              .formatted(rows));
      session.execute("VACUUM (ANALYZE) accounts, prices");
      for (String name : new String[] {"accounts", "prices"}) {
        session.execute(
            "CREATE MATERIALIZED VIEW native_%1$s AS %2$s".formatted(name, query(name)));
        session.execute("CREATE UNIQUE INDEX ON native_%s (id)".formatted(name));
        session.execute("ANALYZE native_" + name);
        database.freshet().create(file("managed_" + name, name));
      }
    }
  }

  static String file(String view, String table) {
    return "CREATE MATERIALIZED VIEW %1$s AS %2$s;\nCREATE UNIQUE INDEX %1$s_id ON %1$s (id);"
        .formatted(view, query(table));
  }

  static String query(String table) {
    return switch (table) {
      case "accounts" ->
          "SELECT id, owner, region, balance, opened, balance / 100 AS whole FROM accounts";
      case "prices" -> "SELECT id, sku, price, tax, price * quantity AS total FROM prices";
      default -> throw new IllegalArgumentException(table);
    };
  }

  /// One row in so many changes, other ones each time.
  static String change(String table, int oneIn) {
    String column = table.equals("accounts") ? "balance" : "price";
    return "UPDATE %1$s SET %2$s = %2$s + 1 WHERE id %% %3$d = floor(random() * %3$d)::int"
        .formatted(table, column, oneIn);
  }
}
