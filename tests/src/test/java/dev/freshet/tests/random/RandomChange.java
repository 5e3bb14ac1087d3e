package dev.freshet.tests.random;

import java.util.List;
import java.util.Random;

/// Statements that change the tables `t` (no key, duplicates) and `u` (a key), over domains so
/// small that collisions, empty groups and NULLs happen all the time.
final class RandomChange {
  private static final List<String> NUMBERS = List.of("1.0", "1.00", "2", "2.50", "'NaN'", "NULL");
  private static final List<String> FLOATS =
      List.of("0", "'-0'", "1.5", "'NaN'", "'Infinity'", "NULL");
  private static final List<String> INTERVALS =
      List.of("'1 mon'", "'30 days'", "'720 hours'", "'1 day'", "NULL");
  private static final List<String> DOCUMENTS =
      List.of("'{\"a\": 1.0}'", "'{\"a\": 1.00}'", "'[]'", "'null'", "NULL");
  private static final List<String> TEXTS = List.of("'a'", "'A'", "'a '", "''", "NULL");

  private RandomChange() {}

  static List<String> tables() {
    return List.of(
        "CREATE TABLE t (a int, b int, n numeric, f float8, i interval, j jsonb, x json, s text)",
        "CREATE TABLE u (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, n numeric, s text)");
  }

  static String of(Random random) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 ->
          "INSERT INTO t VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
              .formatted(
                  small(random),
                  small(random),
                  pick(random, NUMBERS),
                  pick(random, FLOATS),
                  pick(random, INTERVALS),
                  pick(random, DOCUMENTS),
                  pick(random, DOCUMENTS),
                  pick(random, TEXTS));
      case 3, 4 ->
          "INSERT INTO u (a, n, s) VALUES (%s, %s, %s)"
              .formatted(small(random), pick(random, NUMBERS), pick(random, TEXTS));
      case 5 -> "INSERT INTO t SELECT * FROM t WHERE a = " + small(random);
      case 6 -> "UPDATE t SET n = %s WHERE b = %s".formatted(pick(random, NUMBERS), small(random));
      case 7 ->
          "UPDATE t SET f = %s, j = %s WHERE a = %s"
              .formatted(pick(random, FLOATS), pick(random, DOCUMENTS), small(random));
      case 8 ->
          "UPDATE u SET a = %s, s = %s WHERE a IS NOT DISTINCT FROM %s"
              .formatted(small(random), pick(random, TEXTS), small(random));
      case 9 ->
          "DELETE FROM t WHERE ctid IN (SELECT ctid FROM t WHERE a = %s LIMIT 1)"
              .formatted(small(random));
      case 10 -> "DELETE FROM u WHERE a = " + small(random);
      default ->
          random.nextInt(8) == 0
              ? "TRUNCATE " + (random.nextBoolean() ? "t" : "u")
              : "UPDATE t SET s = s";
    };
  }

  private static String small(Random random) {
    return random.nextInt(8) == 0 ? "NULL" : String.valueOf(random.nextInt(4));
  }

  private static String pick(Random random, List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
