package dev.freshet.compiler.emit;

import dev.freshet.compiler.sql.Quote;
import java.util.List;
import java.util.stream.Collectors;

/// Writes the functions of a view with shards: what is read, what is compared with the query, and
/// what removes the rows of groups that are no more.
final class ShardsWriter {
  /// Stands for the storage until the function runs; no SQL text holds it.
  private static final String STORAGE = "\0";

  private final ViewShape shape;
  private final Shards shards;

  ShardsWriter(ViewShape shape, Shards shards) {
    this.shape = shape;
    this.shards = shards;
  }

  String script() {
    String all = addedUp() + verify();
    return shards.groups().storedKeys().isEmpty() ? all : all + fold();
  }

  private String addedUp() {
    String text =
        List.of(shards.addedUp(STORAGE).split(STORAGE, -1)).stream()
            .map(Quote::literal)
            .collect(Collectors.joining(" || storage::text || "));
    return new FunctionText(shape)
        .of(
            "_added",
            "(storage regclass) RETURNS text",
            "tells the query that adds up the shards of a storage",
            """
            BEGIN
              RETURN %s;
            END
            """
                .formatted(text));
  }

  private String verify() {
    return CheckWriter.verify(
        shape,
        new CheckWriter.Sides(
            shape.shownColumns(),
            shape.object("_query"),
            "(" + shards.addedUp(shape.storageTable()) + ")"));
  }

  /// Rows that together are nothing, and that nobody is changing at this moment.
  ///
  /// A group that a transaction with an older snapshot may have changed since is left to the next
  /// time.
  private String fold() {
    String keys =
        shards.groups().storedKeys().stream()
            .map(key -> "s." + Quote.name(key))
            .collect(Collectors.joining(", "));
    return new FunctionText(shape)
        .of(
            "_fold",
            "() RETURNS bigint",
            "removes the rows of groups that are no more; returns how many",
            """
            DECLARE
              folded bigint;
            BEGIN
              WITH gone AS MATERIALIZED (
                SELECT s.ctid AS freshet$place, s.* FROM %1$s s
                WHERE s.ctid IN (SELECT t.place FROM (SELECT s.ctid AS place, sum(s.%2$s) OVER (PARTITION BY %3$s) AS rows FROM %1$s s) t WHERE t.rows = 0)
                FOR UPDATE SKIP LOCKED
              ), nothing AS (
                SELECT array_agg(s.freshet$place) AS places FROM gone s GROUP BY %3$s HAVING %4$s
              )
              DELETE FROM %1$s s USING (SELECT unnest(n.places) AS place FROM nothing n) n WHERE s.ctid = n.place;
              GET DIAGNOSTICS folded = ROW_COUNT;
              RETURN folded;
            EXCEPTION WHEN serialization_failure THEN
              RETURN 0;
            END
            """
                .formatted(
                    shape.storageTable(),
                    GroupStorage.COUNT,
                    keys,
                    shards.nothing("sum(s.%s) = 0")));
  }
}
