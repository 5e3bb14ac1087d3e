package dev.freshet.compiler.emit;

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

  void write(KeyedWriter.TouchedKeys touched, Statements body) {
    String next = stage(touched);
    String stored = numbered("s", "s.freshet$place, ", " FROM " + stored(touched));
    String wanted = numbered("n", "n.ctid AS freshet$place, ", " FROM " + next + " n");
    body.count(
        touched.changed(),
        List.of(
            "DELETE FROM %s t USING (%s) o WHERE t.ctid = o.freshet$place AND NOT EXISTS (SELECT FROM (%s) w WHERE w.image = o.image AND w.copy = o.copy)"
                .formatted(shape.storageTable(), stored, wanted)),
        "",
        "deleted");
    body.count(
        touched.changed(),
        List.of(
            "INSERT INTO %s (%s) SELECT %s FROM %s n JOIN (%s) w ON w.freshet$place = n.ctid WHERE NOT EXISTS (SELECT FROM (%s) o WHERE o.image = w.image AND o.copy = w.copy)"
                .formatted(shape.storageTable(), columns(""), columns("n."), next, wanted, stored)),
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
    return "SELECT %s%s AS image, row_number() OVER (PARTITION BY %s) AS copy%s"
        .formatted(place, image, image, from);
  }

  /// The stored rows of the touched keys, as an item of FROM.
  private String stored(KeyedWriter.TouchedKeys touched) {
    Restriction restriction =
        new Restriction(
            storage.plan.keyed().inputs().getFirst(),
            storage.plan.keyed().keys(0),
            touched.keys(),
            touched.keyTypes());
    String arms =
        restriction.nullableArms(storage.storedKeys(), "s", "k").stream()
            .map(arm ->
                "SELECT s.ctid AS freshet$place, s.* FROM %s s WHERE %s"
                    .formatted(shape.storageTable(), arm.both()))
            .collect(Collectors.joining(" UNION ALL "));
    return "%s k, LATERAL (%s) s".formatted(touched.keys(), arms);
  }
}
