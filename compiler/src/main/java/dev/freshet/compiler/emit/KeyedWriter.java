package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Writes the delta of what is computed by key: the rows of the keys that changes touch, as they
/// are and as they were.
final class KeyedWriter {
  private static final String M = Staging.M;

  private final DeltaWriter deltas;
  private final ColumnTypes types;
  private final Staging staging;

  KeyedWriter(DeltaWriter deltas, ColumnTypes types, Staging staging) {
    this.deltas = deltas;
    this.types = types;
    this.staging = staging;
  }

  /// Computes the touched keys from the rows as they are and as they were.
  ///
  /// @param wanted which of them matter
  void write(Delta.Recompute delta, Optional<WantedKeys> wanted) {
    Keyed keyed = delta.relation();
    List<ColumnType> result = types.of(keyed);
    ColumnTypes.requireGroupable(result);
    String name = "_s" + delta.number();
    TouchedKeys keys = keys(keyed, delta.sources(), name, wanted);
    Optional<SubtractedGroups> subtracted = SubtractedGroups.of(delta, types, staging);
    if (subtracted.isEmpty()) {
      anew(delta, rows(keyed, delta.sources(), name, keys, this::came));
      return;
    }
    String changes = taken(keyed, delta.sources().getFirst(), keys, wanted.isPresent());
    subtracted
        .get()
        .write(delta, deltas.table(delta), changes, keys)
        .map(such -> "(%s) AND %s".formatted(keys.changed(), such))
        .ifPresent(condition ->
            anew(delta, rows(keyed, delta.sources(), name, keys.when(condition), this::came)));
  }

  /// The delta of the only input with the opposite sign.
  ///
  /// @param some whether other keys than the touched ones have changed
  private String taken(Keyed keyed, Delta source, TouchedKeys keys, boolean some) {
    Restriction touched =
        new Restriction(keyed.inputs().getFirst(), keyed.keys(0), keys.keys(), keys.keyTypes());
    String condition =
        touched.arms(keyed.keys(0), "x", "k").stream()
            .map(arm -> "EXISTS (SELECT FROM %s AS k WHERE %s)".formatted(keys.keys(), arm.both()))
            .collect(Collectors.joining(" OR "));
    String columns = RelationSql.names(keyed.inputs().getFirst().columns(), "x.");
    return "SELECT -x.%1$s AS %1$s%2$s FROM %3$s AS x%4$s"
        .formatted(
            M,
            columns.isEmpty() ? "" : ", " + columns,
            deltas.table(source),
            some ? " WHERE " + condition : "");
  }

  private void anew(Delta.Recompute delta, TouchedKeys touched) {
    Keyed keyed = delta.relation();
    List<ColumnType> result = types.of(keyed);
    List<String> before = new ArrayList<>();
    for (int i = 0; i < keyed.inputs().size(); i++) {
      Delta source = delta.sources().get(i);
      String bag = touched.bags().get(i);
      before.add(
          source instanceof Delta.None
              ? bag
              : before(types.of(keyed.inputs().get(i)), bag, deltas.table(source)));
    }
    staging.stage(
        delta,
        deltas.table(delta),
        touched.changed(),
        List.of(
            "SELECT sum(%s), %s FROM (SELECT 1 AS %s, t.* FROM (%s) t UNION ALL SELECT -1, t.* FROM (%s) t) u%s HAVING sum(%s) <> 0"
                .formatted(
                    M,
                    ColumnTypes.grouped(result, "u."),
                    M,
                    RelationSql.keyed(keyed, touched.bags()),
                    RelationSql.keyed(keyed, before),
                    ColumnTypes.image(result, "u."),
                    M)));
  }

  /// The keys that changes touch.
  ///
  /// @param changed whether there are any
  /// @param keys the table with the keys
  /// @param keyTypes its columns
  /// @param bags for each input the table with its rows of these keys, as they are; none if they
  ///   are not staged
  record TouchedKeys(String changed, String keys, List<ColumnType> keyTypes, List<String> bags) {
    TouchedKeys when(String condition) {
      return new TouchedKeys(condition, keys, keyTypes, bags);
    }
  }

  /// Stages the keys that occur in deltas, and the rows of the inputs that have such keys.
  ///
  /// @param more how many rows besides those of the result are needed of ordered ones
  /// @param wanted which keys matter
  TouchedKeys touch(
      Keyed keyed,
      List<Delta> sources,
      String name,
      Function<Delta, String> more,
      Optional<WantedKeys> wanted) {
    return rows(keyed, sources, name, keys(keyed, sources, name, wanted), more);
  }

  private TouchedKeys keys(
      Keyed keyed, List<Delta> sources, String name, Optional<WantedKeys> wanted) {
    staging.comment("Keys that changes touch, and their rows as they are.");
    List<ColumnType> keyTypes = keyTypes(keyed, 0);
    String keys = staging.bag(name + "k", keyTypes);
    String changed = sources.stream().map(staging::changed).collect(Collectors.joining(" OR "));
    staging.addKeys(keys, changed, touchedKeys(keyed, sources, wanted));
    staging.touches(changed, keys, keyTypes);
    return new TouchedKeys(changed, keys, keyTypes, List.of());
  }

  private TouchedKeys rows(
      Keyed keyed,
      List<Delta> sources,
      String name,
      TouchedKeys keys,
      Function<Delta, String> more) {
    List<String> bags = new ArrayList<>();
    for (int i = 0; i < keyed.inputs().size(); i++) {
      List<ColumnType> rowTypes = types.of(keyed.inputs().get(i));
      ColumnTypes.requireGroupable(rowTypes);
      String bag = staging.bag(name + "r" + i, rowTypes);
      new Restriction(
              keyed.inputs().get(i),
              keyed.keys(i),
              keys.keys(),
              comparable(keys.keyTypes(), keyTypes(keyed, i)))
          .write(staging, keys.changed(), bag, reach(keyed, more.apply(sources.get(i))));
      bags.add(bag);
    }
    return new TouchedKeys(keys.changed(), keys.keys(), keys.keyTypes(), bags);
  }

  private static List<ColumnType> comparable(List<ColumnType> keys, List<ColumnType> rows) {
    return IntStream.range(0, keys.size())
        .mapToObj(i -> keys.get(i).comparedWith(rows.get(i)))
        .toList();
  }

  private static String reach(Keyed keyed, String more) {
    return keyed instanceof First first ? RelationSql.reach(first, more) : "";
  }

  /// So that the first rows of before are among those of now and those that went.
  private String came(Delta source) {
    return source instanceof Delta.None
        ? ""
        : " + (SELECT coalesce(sum(%s) FILTER (WHERE %s > 0), 0) FROM %s)"
            .formatted(M, M, deltas.table(source));
  }

  private List<ColumnType> keyTypes(Keyed keyed, int input) {
    return keyed.keys(input).stream().map(key -> types.of(keyed.inputs().get(input), key)).toList();
  }

  private String touchedKeys(Keyed keyed, List<Delta> sources, Optional<WantedKeys> wanted) {
    if (keyed.keys(0).isEmpty()) {
      return "SELECT";
    }
    List<String> queries = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      if (!(sources.get(i) instanceof Delta.None)) {
        queries.add(touchedKeys(keyed.keys(i), sources.get(i), wanted));
      }
    }
    return "SELECT DISTINCT * FROM (%s) k".formatted(String.join(" UNION ALL ", queries));
  }

  private String touchedKeys(List<String> keys, Delta source, Optional<WantedKeys> wanted) {
    List<String> names = keys.stream().map(key -> "freshet$k." + Quote.name(key)).toList();
    String condition = wanted.map(w -> " WHERE " + w.exist(names, rows(w))).orElse("");
    return "SELECT %s FROM %s AS freshet$k%s"
        .formatted(String.join(", ", names), deltas.table(source), condition);
  }

  /// Rows that can want a key: those that are there, and those that came or went.
  private Stream<String> rows(WantedKeys wanted) {
    Input other = wanted.other();
    Stream<String> now = Stream.of(RelationSql.item(other));
    return wanted.delta() instanceof Delta.None
        ? now
        : Stream.concat(
            now, Stream.of(deltas.table(wanted.delta()) + " AS " + Quote.name(other.alias())));
  }

  /// The rows as they were: those of now without what came, with what went.
  private static String before(List<ColumnType> types, String now, String delta) {
    String columns =
        types.stream().map(t -> Quote.name(t.name())).collect(Collectors.joining(", "));
    String comma = columns.isEmpty() ? "" : ", ";
    return "(SELECT %s FROM (SELECT sum(%s) AS %s%s FROM (SELECT 1 AS %s%s FROM %s UNION ALL SELECT -%s%s FROM %s) b%s HAVING sum(%s) > 0) b (%s), generate_series(1, b.%s::bigint))"
        .formatted(
            columns,
            M,
            M,
            comma + ColumnTypes.grouped(types, "b."),
            M,
            comma + columns,
            now,
            M,
            comma + columns,
            delta,
            ColumnTypes.image(types, "b."),
            M,
            M + comma + columns,
            M);
  }
}
