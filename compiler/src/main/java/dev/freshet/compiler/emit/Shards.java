package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Several rows for each group of a view, so that those who write to one group seldom wait for one
/// another: a session adds to the row of its own shard, and whoever reads the view adds them up.
///
/// A row holds what the sessions of a shard have added since the view was computed as a whole. It
/// can be negative: they remove rows that others have inserted. What the query computes from
/// aggregates means nothing of one row; these columns are NULL in the storage.
final class Shards {
  static final String SHARD = "freshet$shard";

  private final GroupStorage groups;
  private final List<ColumnType> types;
  private final int number;

  /// @param number of shards
  Shards(GroupStorage groups, ColumnTypes types, int number) {
    this.groups = groups;
    this.types = types.of(groups.query());
    this.number = number;
  }

  GroupStorage groups() {
    return groups;
  }

  List<String> key() {
    return Stream.concat(groups.storedKeys().stream(), Stream.of(SHARD)).toList();
  }

  /// The query that computes the storage: all in the first shard.
  String query() {
    Map<String, String> columns = new LinkedHashMap<>(groups.fromRows());
    columns.remove(GroupStorage.SHOWN);
    computed().forEach(column -> columns.put(column.name(), nothing(column)));
    columns.put(SHARD, "0");
    return groups.query(columns);
  }

  private static String nothing(ColumnType type) {
    return "NULL::" + type.type() + (type.collation().isEmpty() ? "" : " " + type.collation());
  }

  /// The shown columns that are no keys.
  private List<ColumnType> computed() {
    return shown().filter(column -> !groups.storedKeys().contains(column.name())).toList();
  }

  private Stream<ColumnType> shown() {
    return types.stream().filter(column -> !column.name().startsWith(StoredColumn.HIDDEN));
  }

  /// The columns of the row of the session's shard, from what is known of the group.
  Map<String, String> columns(GroupTerms group) {
    Map<String, String> columns = new LinkedHashMap<>();
    groups
        .aggregate
        .keys()
        .forEach(key -> columns.put(groups.storedKey(key), group.key().apply(key)));
    columns.put(SHARD, "freshet.own_shard(%d)".formatted(number));
    numbers().forEach(name -> columns.put(name, group.number().apply(name)));
    return columns;
  }

  private List<String> numbers() {
    return Stream.concat(
            Stream.of(GroupStorage.COUNT), groups.parts().stream().map(GroupState.Part::name))
        .toList();
  }

  /// A condition on all numbers of a row: without what it holds, all is the same.
  ///
  /// @param zero what is said of one of them
  String nothing(String zero) {
    return numbers().stream().map(zero::formatted).collect(Collectors.joining(" AND "));
  }

  /// Shown columns that are no keys, and HAVING.
  ComputedOnRead computedOnRead() {
    Map<String, String> values = groups.fromState();
    Map<String, String> expressions = new LinkedHashMap<>(values);
    Stream<String> names = computed().stream().map(ColumnType::name);
    expressions.keySet().retainAll(names.toList());
    if (groups.hasHaving()) {
      expressions.put("HAVING", values.get(GroupStorage.SHOWN));
    }
    return new ComputedOnRead(sums("(" + query() + ")"), expressions);
  }

  /// The query that shows what the view does.
  ///
  /// @param storage what stands in FROM
  String addedUp(String storage) {
    Map<String, String> values = groups.fromState();
    String outputs =
        shown()
            .map(column ->
                "(%s)::%s AS %s"
                    .formatted(values.get(column.name()), column.type(), Quote.name(column.name())))
            .collect(Collectors.joining(", "));
    List<String> conditions = new ArrayList<>();
    if (!groups.aggregate.keys().isEmpty()) {
      conditions.add("g." + GroupStorage.COUNT + " > 0");
    }
    if (groups.hasHaving()) {
      conditions.add(values.get(GroupStorage.SHOWN));
    }
    return "SELECT %s FROM (%s) g%s"
        .formatted(
            outputs,
            sums(storage),
            conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
  }

  /// The groups as if each had one row.
  private String sums(String storage) {
    List<String> outputs = new ArrayList<>();
    groups
        .aggregate
        .keys()
        .forEach(key ->
            outputs.add(
                "s.%s AS %s".formatted(Quote.name(groups.storedKey(key)), Quote.name(key))));
    for (String name : numbers()) {
      String type = ColumnTypes.named(types, name).type();
      outputs.add("coalesce(sum(s.%1$s), 0)::%2$s AS %1$s".formatted(name, type));
    }
    String keys = keys("s.");
    return "SELECT %s FROM %s s%s"
        .formatted(String.join(", ", outputs), storage, keys.isEmpty() ? "" : " GROUP BY " + keys);
  }

  private String keys(String prefix) {
    return groups.storedKeys().stream()
        .map(key -> prefix + Quote.name(key))
        .collect(Collectors.joining(", "));
  }
}
