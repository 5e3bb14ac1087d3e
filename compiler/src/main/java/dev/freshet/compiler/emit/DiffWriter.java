package dev.freshet.compiler.emit;

import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes the function that makes the stored rows equal to the query and touches only rows that
/// differ, and its variant for a window.
///
/// Rows are told apart by a unique index, or else by their whole image and a number among the
/// copies. Within the function a row's address serves to find it again, since the refresh lock
/// keeps everybody else from moving it.
final class DiffWriter {
  /// Stands for the relation to compare with until the function runs; no SQL text holds it.
  private static final String SOURCE = "\0";

  private final ViewShape shape;
  private final List<String> names;

  DiffWriter(ViewShape shape) {
    this.shape = shape;
    this.names = shape.columns().stream().map(c -> Quote.name(c.name())).toList();
  }

  /// Compares with the query, or with a storage that was built and could not be published.
  String whole() {
    return new FunctionText(shape)
        .of(
            "_diff",
            "(built boolean, OUT rows bigint, OUT inserted bigint, OUT updated bigint, OUT deleted"
                + " bigint)",
            "makes the storage equal to the query by writing only rows that differ",
            body(
                "CASE WHEN built THEN %s ELSE %s END"
                    .formatted(Quote.literal(shape.nextTable()), Quote.literal(shape.definition())),
                ""));
  }

  /// Compares only rows that satisfy the condition.
  String window(String condition) {
    return new FunctionText(shape)
        .of(
            "_top_off",
            "(OUT rows bigint, OUT inserted bigint, OUT updated bigint, OUT deleted bigint)",
            "renews the rows of the view's top-off window",
            body(Quote.literal(shape.definition()), " WHERE (" + condition + "\n    )"));
  }

  private String body(String source, String where) {
    return """
    DECLARE
      wanted bigint;
      kept bigint;
    BEGIN
      EXECUTE format($statement$
    %s  $statement$, %s);
    %s%s%s  SELECT count(*) INTO rows FROM %s;
    %s\
      IF inserted + updated + deleted > rows / 10 THEN
        ANALYZE (SKIP_LOCKED) %s; -- who vacuums the storage must not hold up a refresh
      END IF;
      DROP TABLE %s;
    END
    """
        .formatted(
            collect(where).replace("%", "%%").replace(SOURCE, "%s"),
            source,
            takeWanted(),
            cancelNullKeys(),
            apply(),
            shape.storageTable(),
            requireWanted(where),
            shape.storageTable(),
            changes());
  }

  /// How many rows the query returned. Two of them with one key would both have been joined with
  /// the same stored row, and one of them lost.
  private String takeWanted() {
    return shape.key().isEmpty()
        ? ""
        : "  DELETE FROM %s c WHERE c.wanted IS NOT NULL RETURNING c.wanted INTO wanted;\n"
            .formatted(changes());
  }

  private String requireWanted(String where) {
    if (shape.key().isEmpty()) {
      return "";
    }
    String key =
        shape.key().stream().map(k -> Quote.name(k.name())).collect(Collectors.joining(", "));
    return """
      %s;
      IF kept <> wanted THEN
        RAISE EXCEPTION 'several rows have the same key of a unique index'
          USING ERRCODE = 'unique_violation',
            DETAIL = format('The query returns %%s rows, of which %%s can be stored.', wanted, kept),
            HINT = %s;
      END IF;
    """
        .formatted(
            where.isEmpty()
                ? "kept := rows"
                : "SELECT count(*) INTO kept FROM %s q%s".formatted(shape.storageTable(), where),
            Quote.literal(
                "SELECT %1$s, count(*) FROM %2$s GROUP BY %1$s HAVING count(*) > 1 shows them."
                    .formatted(key, shape.definition())));
  }

  private String changes() {
    return shape.object("_changes");
  }

  private String collect(String where) {
    return shape.key().isEmpty() ? collectByImage(where) : collectByKey(where);
  }

  private String collectByKey(String where) {
    return """
        CREATE UNLOGGED TABLE %s AS
        WITH n AS MATERIALIZED (SELECT true AS present, %s FROM %s q%s)
        SELECT s.ctid AS old_row, n.present, NULL::bigint AS wanted, %s
        FROM n FULL JOIN %s s ON %s
        WHERE n.present IS NULL OR s.ctid IS NULL
          OR %s
        UNION ALL SELECT NULL, NULL, count(*), %s FROM n
    """
        .formatted(
            changes(),
            numberedOf("q.%s AS c%d"),
            SOURCE,
            where,
            numbered("n.c%d"),
            where.isEmpty()
                ? shape.storageTable()
                : "(SELECT q.ctid, q.* FROM %s q%s)".formatted(shape.storageTable(), where),
            shape.key().stream()
                .map(k -> "n.c%d %s s.%s".formatted(number(k), k.equals(), Quote.name(k.name())))
                .collect(Collectors.joining(" AND ")),
            differ(),
            String.join(", ", Collections.nCopies(names.size(), "NULL")));
  }

  private String collectByImage(String where) {
    String image = "(ROW(%s)::text COLLATE \"C\")".formatted(shape.columnList("q."));
    String side =
        "%s AS image, row_number() OVER (PARTITION BY %s) AS copy".formatted(image, image);
    return """
        CREATE UNLOGGED TABLE %s AS
        SELECT s.old_row, n.present, %s
        FROM (SELECT true AS present, %s, %s FROM %s q%s) n
        FULL JOIN (SELECT q.ctid AS old_row, %s FROM %s q%s) s ON n.image = s.image AND n.copy = s.copy
        WHERE n.present IS NULL OR s.old_row IS NULL
    """
        .formatted(
            changes(),
            numbered("n.c%d"),
            numberedOf("q.%s AS c%d"),
            side,
            SOURCE,
            where,
            side,
            shape.storageTable(),
            where);
  }

  /// True for a pair of rows that look different anywhere.
  private String differ() {
    List<String> terms = new ArrayList<>();
    List<Integer> byImage = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (!shape.columns().get(i).equalMeansSame()) {
        byImage.add(i);
      } else if (!joins(names.get(i))) {
        terms.add("n.c%d IS DISTINCT FROM s.%s".formatted(i + 1, names.get(i)));
      }
    }
    if (!byImage.isEmpty()) {
      terms.add(
          "NOT record_image_eq(ROW(%s), ROW(%s))"
              .formatted(
                  byImage.stream().map(i -> "n.c" + (i + 1)).collect(Collectors.joining(", ")),
                  byImage.stream()
                      .map(i -> "s." + names.get(i))
                      .collect(Collectors.joining(", "))));
    }
    return terms.isEmpty() ? "false" : String.join("\n      OR ", terms);
  }

  /// The join has already found the column equal.
  private boolean joins(String name) {
    return shape.key().stream().anyMatch(k -> Quote.name(k.name()).equals(name));
  }

  /// A unique index lets rows with a NULL in the key stand more than once, and `=` never joins
  /// them: among what is left of those, rows that look the same on both sides cancel out.
  private String cancelNullKeys() {
    if (shape.key().isEmpty()) {
      return "";
    }
    String nulls =
        shape.key().stream()
            .map(k -> "c.c%d IS NULL".formatted(number(k)))
            .collect(Collectors.joining(" OR "));
    String oldImage = "(ROW(%s)::text COLLATE \"C\")".formatted(shape.columnList("s."));
    String newImage = "(ROW(%s)::text COLLATE \"C\")".formatted(numbered("c.c%d"));
    return """
      IF EXISTS (SELECT FROM %1$s c WHERE c.present AND (%2$s)) THEN
        WITH gone AS (
          SELECT c.ctid AS change, %3$s AS image, row_number() OVER (PARTITION BY %3$s) AS copy
          FROM %1$s c JOIN %4$s s ON s.ctid = c.old_row WHERE c.present IS NULL
        ), come AS (
          SELECT c.ctid AS change, %5$s AS image, row_number() OVER (PARTITION BY %5$s) AS copy
          FROM %1$s c WHERE c.old_row IS NULL
        ), same AS (
          SELECT unnest(ARRAY[g.change, c.change]) AS change FROM gone g JOIN come c ON g.image = c.image AND g.copy = c.copy
        )
        DELETE FROM %1$s c USING same WHERE c.ctid = same.change;
      END IF;
    """
        .formatted(changes(), nulls, oldImage, shape.storageTable(), newImage);
  }

  private String apply() {
    return """
      SELECT count(*) FILTER (WHERE c.old_row IS NULL), count(*) FILTER (WHERE c.old_row IS NOT NULL AND c.present),
        count(*) FILTER (WHERE c.present IS NULL)
      INTO inserted, updated, deleted FROM %1$s c;
      IF inserted + updated + deleted > 0 THEN
        ANALYZE %1$s;
        DELETE FROM %2$s s USING %1$s c WHERE s.ctid = c.old_row AND %3$s;
    %4$s    INSERT INTO %2$s (%5$s)
          SELECT %6$s FROM %1$s c WHERE %7$s;
      END IF;
    """
        .formatted(
            changes(),
            shape.storageTable(),
            inPlace() ? "c.present IS NULL" : "true",
            inPlace() ? update() : "",
            String.join(", ", names),
            numbered("c.c%d"),
            inPlace() ? "c.old_row IS NULL" : "c.present");
  }

  /// With a second unique index an update in place could meet a row that is yet to change.
  private boolean inPlace() {
    return !shape.key().isEmpty() && shape.keyAlone();
  }

  private String update() {
    return """
        UPDATE %s s SET %s
          FROM %s c WHERE s.ctid = c.old_row AND c.present;
    """
        .formatted(
            shape.storageTable(),
            IntStream.range(0, names.size())
                .mapToObj(i -> "%s = c.c%d".formatted(names.get(i), i + 1))
                .collect(Collectors.joining(", ")),
            changes());
  }

  private int number(KeyColumn key) {
    return names.indexOf(Quote.name(key.name())) + 1;
  }

  private String numbered(String pattern) {
    return IntStream.rangeClosed(1, names.size())
        .mapToObj(pattern::formatted)
        .collect(Collectors.joining(", "));
  }

  private String numberedOf(String pattern) {
    return IntStream.range(0, names.size())
        .mapToObj(i -> pattern.formatted(names.get(i), i + 1))
        .collect(Collectors.joining(", "));
  }
}
