package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.Quote;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes how changes are added to the groups of a view, whatever others add to them at the same
/// time.
///
/// The only lock is that on the rows of the touched groups, taken in the order of their keys. A
/// group that two transactions create at once is one row, since its key is unique.
final class GroupUpsert {
  /// The places of rows that are needed no longer.
  static final String EMPTIED = "array_agg(w.freshet$place) FILTER (WHERE w.freshet$emptied)";

  /// Whether a group has lost more rows than it had.
  static final String BROKEN = "bool_or(w.freshet$broken)";

  private final ViewShape shape;
  private final GroupLayout layout;
  private final GroupStorage storage;

  GroupUpsert(ViewShape shape, GroupLayout layout) {
    this.shape = shape;
    this.layout = layout;
    this.storage = layout.groups();
  }

  /// Whether a group can have several rows.
  boolean isSharded() {
    return layout instanceof GroupLayout.Sharded;
  }

  /// A query that adds changes.
  ///
  /// @param list the queries of a WITH list that come before, each with a comma after it
  /// @param changed a query or table of rows of the aggregate's input with their multiplicity
  /// @param outputs aggregates over the groups `w` as they are then
  String query(String list, String changed, String outputs) {
    return "WITH %sfreshet$written AS (%s)\n  SELECT %s FROM freshet$written w"
        .formatted(list, layout.key().isEmpty() ? total(changed) : upsert(changed), outputs);
  }

  /// Removes these rows, which are in a variable of that name.
  String remove(String emptied) {
    return """
    IF %1$s IS NOT NULL THEN
      DELETE FROM %2$s s WHERE s.ctid = ANY (%1$s);
    END IF;
    """
        .formatted(emptied, shape.storageTable());
  }

  private String upsert(String changed) {
    Map<String, String> columns = layout.columns();
    String order = names("g.");
    return """
    INSERT INTO %1$s AS s (%2$s)
      SELECT %3$s FROM (SELECT %4$s FROM (%5$s) d LEFT JOIN %1$s s ON false WHERE %6$s) g%7$s
      ON CONFLICT (%8$s) DO UPDATE SET %9$s
      RETURNING %10$s\
    """
        .formatted(
            shape.storageTable(),
            columns.keySet().stream().map(Quote::name).collect(Collectors.joining(", ")),
            String.join(", ", columns.values()),
            state("d."),
            sums(changed),
            somethingChanged(),
            order.isEmpty() ? "" : "\n  ORDER BY " + order,
            layout.key().stream().map(Quote::name).collect(Collectors.joining(", ")),
            set(columns),
            returned());
  }

  private String returned() {
    return "s.ctid AS freshet$place, %s AS freshet$emptied, %s AS freshet$broken"
        .formatted(layout.emptied(), layout.broken());
  }

  /// A view without GROUP BY has one row, which is there from the start.
  private String total(String changed) {
    return "UPDATE %s s SET %s FROM (%s) excluded WHERE %s RETURNING %s"
        .formatted(
            shape.storageTable(),
            set(layout.columns()),
            sums(changed),
            somethingChanged().replace("d.freshet$", "excluded.freshet$"),
            returned());
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
    Map<String, String> changing = new LinkedHashMap<>(columns);
    changing.keySet().removeAll(layout.key());
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
}
