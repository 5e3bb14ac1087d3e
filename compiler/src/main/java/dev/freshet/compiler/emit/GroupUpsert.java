package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.Quote;
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

  /// Whether a row can be needed no longer after changes.
  ///
  /// @param growing rows come, and none goes
  boolean canEmpty(boolean growing) {
    return isSharded() || (!growing && !layout.key().isEmpty());
  }

  /// A statement that adds changes after which all rows are still needed.
  ///
  /// @param changed a query or table of rows of the aggregate's input with their multiplicity
  String statement(String changed) {
    return layout.key().isEmpty() ? total(changed) : upsert(changed);
  }

  /// A query that adds changes.
  ///
  /// @param list the queries of a WITH list that come before, each with a comma after it
  /// @param changed as above
  /// @param outputs aggregates over the groups `w` as they are then
  String query(String list, String changed, String outputs) {
    return "WITH %sfreshet$written AS (%s\n  RETURNING s.ctid AS freshet$place, %s AS freshet$emptied, %s AS freshet$broken)\n  SELECT %s FROM freshet$written w"
        .formatted(list, statement(changed), layout.emptied(), layout.broken(), outputs);
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
    Map<String, String> columns = layout.columns(GroupTerms.of("d"));
    String order = names("d.");
    return """
    INSERT INTO %s AS s (%s)
      SELECT %s FROM (%s) d WHERE %s%s
      ON CONFLICT (%s) DO UPDATE SET %s\
    """
        .formatted(
            shape.storageTable(),
            columns.keySet().stream().map(Quote::name).collect(Collectors.joining(", ")),
            String.join(", ", columns.values()),
            sums(changed),
            somethingChanged("d"),
            order.isEmpty() ? "" : "\n  ORDER BY " + order,
            layout.key().stream().map(Quote::name).collect(Collectors.joining(", ")),
            set());
  }

  /// A view without GROUP BY has one row, which is there from the start.
  private String total(String changed) {
    return "UPDATE %s s SET %s FROM (%s) excluded WHERE %s"
        .formatted(shape.storageTable(), set(), sums(changed), somethingChanged("excluded"));
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
  private String set() {
    GroupTerms sum =
        new GroupTerms(
            key -> "s." + Quote.name(storage.storedKey(key)),
            number -> "(s.%1$s + excluded.%1$s)".formatted(number));
    return layout.columns(sum).entrySet().stream()
        .filter(column -> !layout.key().contains(column.getKey()))
        .map(column -> Quote.name(column.getKey()) + " = " + column.getValue())
        .collect(Collectors.joining(", "));
  }

  private String somethingChanged(String delta) {
    return Stream.concat(
            Stream.of(GroupStorage.COUNT), storage.parts().stream().map(GroupState.Part::name))
        .map(name -> delta + "." + name + " <> 0")
        .collect(Collectors.joining(" OR "));
  }

  private String names(String prefix) {
    return storage.aggregate.keys().stream()
        .map(key -> prefix + Quote.name(key))
        .collect(Collectors.joining(", "));
  }
}
