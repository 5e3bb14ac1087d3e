package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.Quote;
import java.util.List;
import java.util.stream.Collectors;

/// Writes how the stored rows of the keys that changes touch are replaced by what the query now
/// says of them; rows that look the same stay where they are.
final class KeysWriter {
  private final ViewShape shape;
  private final KeysStorage storage;
  private final ColumnTypes types;
  private final Staging staging;

  KeysWriter(ViewShape shape, KeysStorage storage, ColumnTypes types, Staging staging) {
    this.shape = shape;
    this.storage = storage;
    this.types = types;
    this.staging = staging;
  }

  /// The rows of the touched keys as they are at this moment.
  Replacement replacement(KeyedWriter.TouchedKeys touched) {
    String gone = "SELECT s.freshet$place FROM " + stored(touched);
    return new Replacement(gone, stage(touched), "true", "false");
  }

  /// Stages what the query now says of the touched keys.
  private String stage(KeyedWriter.TouchedKeys touched) {
    String next = staging.bag("_net", types.of(storage.query()));
    staging.comment("What the query says of these keys, compared with what is stored.");
    staging.add(
        next,
        touched.changed(),
        storage.query(RelationSql.keyed(storage.plan.keyed(), touched.bags())));
    return next;
  }

  /// Only rows that look different leave and come.
  Rewrite rewrite(KeyedWriter.TouchedKeys touched) {
    String wanted = numbered("n", "n.*, ", " FROM " + stage(touched) + " n");
    String stored = staging.bag("_had", storedTypes());
    staging.add(
        stored, touched.changed(), numbered("s", "s.freshet$place, ", " FROM " + stored(touched)));
    return new Rewrite(
        "SELECT o.freshet$place FROM %s o WHERE NOT EXISTS (SELECT FROM (%s) w WHERE w.freshet$image = o.freshet$image AND w.freshet$copy = o.freshet$copy)"
            .formatted(stored, wanted),
        "",
        columns(""),
        "SELECT %s FROM (%s) w WHERE NOT EXISTS (SELECT FROM %s o WHERE o.freshet$image = w.freshet$image AND o.freshet$copy = w.freshet$copy)"
            .formatted(columns("w."), wanted, stored),
        "false",
        "");
  }

  private static List<ColumnType> storedTypes() {
    return List.of(
        Staging.column("freshet$place", "tid"),
        new ColumnType("freshet$image", "text", "COLLATE \"C\"", "", true, true),
        Staging.column("freshet$copy", "bigint"));
  }

  void write(KeyedWriter.TouchedKeys touched, Statements body) {
    Rewrite rewrite = rewrite(touched);
    body.count(
        touched.changed(),
        List.of(
            "DELETE FROM %s t USING (%s) o (place) WHERE t.ctid = o.place"
                .formatted(shape.storageTable(), rewrite.leaving())),
        "",
        "deleted");
    body.count(
        touched.changed(),
        List.of(
            "INSERT INTO %s (%s) %s"
                .formatted(shape.storageTable(), rewrite.columns(), rewrite.coming())),
        "",
        "inserted");
  }

  private String columns(String prefix) {
    return storage.columns().stream()
        .map(name -> prefix + Quote.name(name))
        .collect(Collectors.joining(", "));
  }

  /// Rows with their image and a number among those that look the same.
  private String numbered(String alias, String place, String from) {
    String image = "(ROW(" + columns(alias + ".") + ")::text COLLATE \"C\")";
    return "SELECT %s%s AS freshet$image, row_number() OVER (PARTITION BY %s) AS freshet$copy%s"
        .formatted(place, image, image, from);
  }

  /// The stored rows of the touched keys, as an item of FROM.
  private String stored(KeyedWriter.TouchedKeys touched) {
    String cases =
        storage.lookup(types).conditions("s", "k").stream()
            .map(condition ->
                "SELECT s.ctid AS freshet$place, s.* FROM %s s WHERE %s"
                    .formatted(shape.storageTable(), condition))
            .collect(Collectors.joining(" UNION ALL "));
    return "%s k, LATERAL (%s) s".formatted(touched.keys(), cases);
  }
}
