package dev.freshet.tests.random.table;

import java.util.List;
import java.util.Random;

/// A type of columns, with the few values that a random table may hold.
public enum DataType {
  INT("int", true, "0", "1", "2", "3", "4"),
  BIGINT("bigint", true, "0", "1", "2", "5"),
  TEXT("text", true, "'a'", "'A'", "''"),
  SMALLINT("smallint", true, "0", "1", "2"),
  VARCHAR("varchar(3)", true, "'a'", "'a '", "''"),
  CHAR("char(2)", true, "'a'", "'b'"),
  NUMERIC("numeric", false, "1.0", "1.00", "2", "2.50", "-1", "'NaN'"),
  MONEY("numeric(6,2)", true, "1", "2.50", "-1", "'NaN'"),
  TIMESTAMP("timestamptz", true, "'2024-03-31 01:59Z'", "'2024-03-31 03:00+02'", "'infinity'"),
  DATE("date", true, "'2024-02-29'", "'2024-03-01'", "'2024-12-31'"),
  BOOL("boolean", true, "true", "false"),
  FLOAT("float8", false, "0", "'-0'", "1.5", "-2.25", "'NaN'"),
  INTERVAL("interval", false, "'1 mon'", "'30 days'", "'1 day'"),
  JSONB("jsonb", false, "'{\"a\": 1.0}'", "'{\"a\": 1.00}'", "'[]'", "'null'"),
  INTS("int[]", true, "'{}'", "'{1,NULL}'"),
  TEXTS("text[]", true, "'{}'", "'{a}'");

  private static final int NULL_PERCENT = 12;

  private final String sql;
  private final boolean equalImages;

  @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody can change
  private final List<String> values;

  DataType(String sql, boolean equalImages, String... values) {
    this.sql = sql;
    this.equalImages = equalImages;
    this.values = List.of(values);
  }

  /// The name of the type in SQL.
  public String sql() {
    return sql;
  }

  /// True if values that are equal look the same.
  public boolean hasEqualImages() {
    return equalImages;
  }

  /// A literal that is not NULL, without a cast.
  public String value(Random random) {
    return values.get(random.nextInt(values.size()));
  }

  /// A literal, without a cast; sometimes NULL.
  public String valueOrNull(Random random) {
    return random.nextInt(100) < NULL_PERCENT ? "NULL" : value(random);
  }
}
