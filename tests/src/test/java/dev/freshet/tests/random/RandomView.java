package dev.freshet.tests.random;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// The file of a view over the tables of [RandomChange].
///
/// @param sql CREATE MATERIALIZED VIEW and perhaps indexes
/// @param imageDetermined false where several images of the content are right
record RandomView(String name, String sql, boolean imageDetermined) {
  private static final List<String> COLUMNS =
      List.of("a", "b", "n", "f", "i", "j", "x::text AS x", "s");

  static RandomView of(Random random, String name) {
    return switch (random.nextInt(9)) {
      case 0 -> keyless(random, name);
      case 1 -> keyed(random, name);
      case 2 -> grouped(random, name);
      case 3 -> undetermined(name, "SELECT DISTINCT " + columns(random) + " FROM t");
      case 4 -> determined(name, "SELECT u.id, t.a, t.b, t.n FROM u LEFT JOIN t ON t.a = u.a");
      case 5 -> determined(name, "SELECT a, n FROM t UNION ALL SELECT a, n FROM u");
      case 6 -> withIndex(name, "SELECT a, count(*) AS c FROM t GROUP BY a", "a");
      case 7 -> undetermined(name, "SELECT a, max(n) AS n, min(i) AS i FROM t GROUP BY a");
      default ->
          withIndex(
              name,
              "SELECT id, n, row_number() OVER (PARTITION BY a ORDER BY id) AS r FROM u",
              "id");
    };
  }

  private static RandomView keyless(Random random, String name) {
    String condition = random.nextBoolean() ? "" : " WHERE a > 0 OR n = 1";
    return determined(name, "SELECT " + columns(random) + ", x FROM t" + condition);
  }

  private static RandomView keyed(Random random, String name) {
    String query =
        "SELECT id, a, n, s FROM u" + (random.nextBoolean() ? "" : " WHERE a IS NOT NULL");
    return random.nextBoolean() ? withIndex(name, query, "id") : determined(name, query);
  }

  private static RandomView grouped(Random random, String name) {
    String keys = List.of("a", "a, b", "s", "b, s").get(random.nextInt(4));
    String query =
        "SELECT %1$s, count(*) AS c, count(DISTINCT n) AS d, bool_or(f > 0) AS p FROM t GROUP BY %1$s"
            .formatted(keys);
    return random.nextBoolean() ? withIndex(name, query, keys) : determined(name, query);
  }

  private static String columns(Random random) {
    List<String> shuffled = new ArrayList<>(COLUMNS);
    Collections.shuffle(shuffled, random);
    return String.join(", ", shuffled.subList(0, 1 + random.nextInt(COLUMNS.size())))
        .replace("x::text AS x", "x::text AS y");
  }

  private static RandomView determined(String name, String query) {
    return new RandomView(name, create(name, query), true);
  }

  private static RandomView undetermined(String name, String query) {
    return new RandomView(name, create(name, query), false);
  }

  private static RandomView withIndex(String name, String query, String key) {
    String index = "CREATE UNIQUE INDEX ON %s (%s);".formatted(name, key);
    return new RandomView(name, create(name, query) + "\n" + index, true);
  }

  private static String create(String name, String query) {
    return "CREATE MATERIALIZED VIEW %s AS %s;".formatted(name, query);
  }
}
