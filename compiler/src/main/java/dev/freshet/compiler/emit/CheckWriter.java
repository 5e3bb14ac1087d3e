package dev.freshet.compiler.emit;

import dev.freshet.compiler.sql.Quote;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes the functions that compare the stored rows with the query, all of them or a sample.
final class CheckWriter {
  private static final int SAMPLED_KEYS = 20;

  private CheckWriter() {}

  static String verify(ViewShape shape) {
    return verify(shape, Sides.of(shape, shape.storageTable()));
  }

  /// The comparison for a native view, which stores its rows itself.
  static String verifyNative(ViewShape shape) {
    return verify(shape, Sides.of(shape, shape.view().sql()));
  }

  /// What is compared.
  ///
  /// @param wanted the relation that says what the rows are to be
  /// @param stored the rows as they are, as an item of FROM without an alias
  record Sides(List<StoredColumn> columns, String wanted, String stored) {
    static Sides of(ViewShape shape, String stored) {
      return new Sides(shape.columns(), shape.definition(), stored);
    }
  }

  static String verify(ViewShape shape, Sides sides) {
    return new FunctionText(shape)
        .of(
            "_verify",
            "(OUT rows bigint, OUT missing bigint, OUT unexpected bigint)",
            "counts the rows that only the query or only the storage has",
            """
            BEGIN
              SELECT count(*) INTO rows FROM %s q;
            %s  INTO missing, unexpected;
            END
            """
                .formatted(sides.stored(), compare(sides, "")));
  }

  static String check(ViewShape shape) {
    return new FunctionText(shape)
        .of(
            "_check",
            "(sample boolean, OUT compared bigint, OUT wrong bigint)",
            "compares a sample of the keys, or all rows, after a top-off",
            shape.key().isEmpty() ? checkAll(shape) : checkKeys(shape));
  }

  private static String checkAll(ViewShape shape) {
    return """
    DECLARE
      missing bigint; unexpected bigint;
    BEGIN
      SELECT v.rows, v.missing, v.unexpected INTO compared, missing, unexpected FROM %s() v;
      wrong := missing + unexpected;
    END
    """
        .formatted(shape.object("_verify"));
  }

  /// Every combination of the sampled values is compared, so that rows that are missing show too.
  private static String checkKeys(ViewShape shape) {
    List<KeyColumn> key = shape.key();
    String values =
        IntStream.range(0, key.size())
            .mapToObj(i -> "k%d %s[];".formatted(i + 1, typeOf(shape, key.get(i))))
            .collect(Collectors.joining(" "));
    String where =
        IntStream.range(0, key.size())
            .mapToObj(i ->
                "q.%s %s ANY ($%d)"
                    .formatted(Quote.name(key.get(i).name()), key.get(i).equals(), i + 1))
            .collect(Collectors.joining(" AND "));
    String list = numbered(key, "k%d");
    return """
    DECLARE
      %1$s missing bigint; unexpected bigint;
    BEGIN
      IF NOT sample THEN
        SELECT v.rows, v.missing, v.unexpected INTO compared, missing, unexpected FROM %2$s() v;
        wrong := missing + unexpected;
        RETURN;
      END IF;
      SELECT %3$s INTO %4$s FROM (SELECT %5$s FROM %6$s s ORDER BY random() LIMIT %7$d) s;
      EXECUTE $statement$
        SELECT count(*) FROM %6$s q WHERE %8$s
      $statement$ INTO compared USING %4$s;
      EXECUTE $statement$
    %9$s  $statement$ INTO missing, unexpected USING %4$s;
      wrong := missing + unexpected;
    END
    """
        .formatted(
            values,
            shape.object("_verify"),
            key.stream()
                .map(k -> "array_agg(s." + Quote.name(k.name()) + ")")
                .collect(Collectors.joining(", ")),
            list,
            key.stream().map(k -> "s." + Quote.name(k.name())).collect(Collectors.joining(", ")),
            shape.storageTable(),
            SAMPLED_KEYS,
            where,
            compare(Sides.of(shape, shape.storageTable()), " WHERE " + where));
  }

  /// Bag difference by `=`; columns of types without an equality are compared as text.
  private static String compare(Sides sides, String where) {
    String values =
        IntStream.range(0, sides.columns().size())
            .mapToObj(i -> {
              StoredColumn column = sides.columns().get(i);
              return "q.%s%s AS c%d"
                  .formatted(
                      Quote.name(column.name()), column.hasEquality() ? "" : "::text", i + 1);
            })
            .collect(Collectors.joining(", "));
    String groups =
        IntStream.rangeClosed(1, sides.columns().size())
            .mapToObj(i -> "c" + i)
            .collect(Collectors.joining(", "));
    return """
      SELECT coalesce(sum(d.copies) FILTER (WHERE d.copies > 0), 0), coalesce(-sum(d.copies) FILTER (WHERE d.copies < 0), 0)
      FROM (
        SELECT sum(b.m) AS copies
        FROM (SELECT 1 AS m, %1$s FROM %2$s q%3$s UNION ALL SELECT -1, %1$s FROM %4$s q%3$s) b
        GROUP BY %5$s HAVING sum(b.m) <> 0
      ) d
    """
        .formatted(values, sides.wanted(), where, sides.stored(), groups);
  }

  private static String typeOf(ViewShape shape, KeyColumn key) {
    return shape.columns().stream()
        .filter(c -> c.name().equals(key.name()))
        .findFirst()
        .orElseThrow()
        .type();
  }

  private static String numbered(List<KeyColumn> key, String pattern) {
    return IntStream.rangeClosed(1, key.size())
        .mapToObj(pattern::formatted)
        .collect(Collectors.joining(", "));
  }
}
