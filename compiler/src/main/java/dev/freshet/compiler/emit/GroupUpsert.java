package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.Quote;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes how changes are added to the groups of a view, whatever others add to them at the same
/// time.
///
/// The only lock is that on the rows of the touched groups, taken in the order of their keys. A
/// group that two transactions create at once is one row, since its key is unique.
final class GroupUpsert {
  /// Whether a group has lost more rows than it had.
  static final String BROKEN = "bool_or(w." + GroupStorage.COUNT + " < 0)";

  private final ViewShape shape;
  private final GroupStorage storage;

  GroupUpsert(ViewShape shape, GroupStorage storage) {
    this.shape = shape;
    this.storage = storage;
  }

  /// A query that adds changes.
  ///
  /// @param list the queries of a WITH list that come before, each with a comma after it
  /// @param changed a query or table of rows of the aggregate's input with their multiplicity
  /// @param outputs aggregates over the groups `w` as they are then
  String query(String list, String changed, String outputs) {
    return "WITH %sfreshet$written AS (%s)\n  SELECT %s FROM freshet$written w"
        .formatted(
            list, storage.aggregate.keys().isEmpty() ? total(changed) : upsert(changed), outputs);
  }

  /// The places of groups that have lost all rows. A view without GROUP BY keeps its row.
  String emptied() {
    return storage.aggregate.keys().isEmpty()
        ? "NULL::tid[]"
        : "array_agg(w.freshet$place) FILTER (WHERE w.%s = 0)".formatted(GroupStorage.COUNT);
  }

  /// Removes these groups, which are in a variable of that name.
  String remove(String emptied) {
    return """
    IF %1$s IS NOT NULL THEN
      DELETE FROM %2$s s WHERE s.ctid = ANY (%1$s);
    END IF;
    """
        .formatted(emptied, shape.storageTable());
  }

  private String upsert(String changed) {
    Map<String, String> columns = storage.fromState();
    return """
    INSERT INTO %1$s AS s (%2$s)
      SELECT %3$s FROM (SELECT %4$s FROM (%5$s) d LEFT JOIN %1$s s ON false WHERE %6$s) g
      ORDER BY %7$s
      ON CONFLICT (%8$s) DO UPDATE SET %9$s
      RETURNING s.ctid AS freshet$place, s.%10$s\
    """
        .formatted(
            shape.storageTable(),
            columns.keySet().stream().map(Quote::name).collect(Collectors.joining(", ")),
            String.join(", ", columns.values()),
            state("d."),
            sums(changed),
            somethingChanged(),
            names("g."),
            storedKeys(),
            set(columns),
            GroupStorage.COUNT);
  }

  /// A view without GROUP BY has one row, which is there from the start.
  private String total(String changed) {
    return "UPDATE %s s SET %s FROM (%s) excluded WHERE %s RETURNING s.%s"
        .formatted(
            shape.storageTable(),
            set(storage.fromState()),
            sums(changed),
            somethingChanged().replace("d.freshet$", "excluded.freshet$"),
            GroupStorage.COUNT);
  }

  /// What the changed rows add up to in each group.
  private String sums(String changed) {
    String keys = names("i.");
    String parts =
        storage.parts().stream()
            .map(part -> ", freshet.addable(%s) AS %s".formatted(part.delta(), part.name()))
            .collect(Collectors.joining());
    return "SELECT %ssum(i.%s)::bigint AS %s%s FROM %s i%s"
        .formatted(
            keys.isEmpty() ? "" : keys + ", ",
            Staging.M,
            GroupStorage.COUNT,
            parts,
            changed,
            RelationSql.groupBy(storage.aggregate.keys()));
  }

  /// The columns of a stored group `s` to which `excluded` is added.
  private String set(Map<String, String> columns) {
    Set<String> keys =
        storage.aggregate.keys().stream().map(storage::storedKey).collect(Collectors.toSet());
    Map<String, String> changing = new LinkedHashMap<>(columns);
    changing.keySet().removeAll(keys);
    return "(%s) = (SELECT %s FROM (SELECT %s) g)"
        .formatted(
            changing.keySet().stream().map(Quote::name).collect(Collectors.joining(", ")),
            String.join(", ", changing.values()),
            state("s.").replace("d.freshet$", "excluded.freshet$"));
  }

  /// The columns of the group `g`, from what is stored in `s` and what `d` adds.
  ///
  /// @param from what has the keys
  private String state(String from) {
    Stream<String> keys =
        storage.aggregate.keys().stream()
            .map(key ->
                from
                    + Quote.name(from.equals("s.") ? storage.storedKey(key) : key)
                    + " AS "
                    + Quote.name(key));
    Stream<String> count =
        Stream.of("coalesce(s.%1$s, 0) + d.%1$s AS %1$s".formatted(GroupStorage.COUNT));
    Stream<String> parts = storage.parts().stream().map(part -> part.next() + " AS " + part.name());
    return Stream.of(keys, count, parts).flatMap(s -> s).collect(Collectors.joining(", "));
  }

  private String somethingChanged() {
    return Stream.concat(
            Stream.of(GroupStorage.COUNT), storage.parts().stream().map(GroupState.Part::name))
        .map(name -> "d." + name + " <> 0")
        .collect(Collectors.joining(" OR "));
  }

  private String names(String prefix) {
    return storage.aggregate.keys().stream()
        .map(key -> prefix + Quote.name(key))
        .collect(Collectors.joining(", "));
  }

  private String storedKeys() {
    return storage.aggregate.keys().stream()
        .map(key -> Quote.name(storage.storedKey(key)))
        .collect(Collectors.joining(", "));
  }
}
