package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes what the delta of the rows below a grouped view makes of its groups: numbers are added
/// where that is exact, the other groups are dirty and must be computed anew.
final class TouchedGroups {
  static final String BROKEN = "more rows left a group than it had";

  private final ViewShape shape;
  private final GroupStorage storage;
  private final ColumnTypes types;
  private final Staging staging;
  private final List<ColumnType> keys;

  TouchedGroups(ViewShape shape, GroupStorage storage, ColumnTypes types, Staging staging) {
    this.shape = shape;
    this.storage = storage;
    this.types = types;
    this.staging = staging;
    this.keys =
        storage.aggregate.keys().stream()
            .map(key -> types.of(storage.aggregate.input(), key))
            .toList();
  }

  /// Stages the touched groups as they will be.
  String stage(String delta, String changed) {
    staging.touches(changed, delta, keys);
    String groups = groups();
    List<GroupState.Distinct> distinct =
        storage.states().stream().flatMap(state -> state.distinct().stream()).toList();
    DistinctWriter different = new DistinctWriter(storage.aggregate, keys, types, staging);
    distinct.forEach(one -> different.stage(one, delta, changed));
    staging.comment("What the changes add up to in each group, and whether it can be added.");
    staging.addKeys(groups, changed, collect(different.with(delta, distinct)));
    return groups;
  }

  private String groups() {
    List<ColumnType> columns = new ArrayList<>();
    columns.add(Staging.column("freshet$row", "tid"));
    columns.add(Staging.column("freshet$dirty", "boolean"));
    columns.addAll(keys);
    Map<String, ColumnType> stored =
        types.of(storage.query()).stream()
            .collect(Collectors.toMap(ColumnType::name, type -> type));
    Stream.concat(Stream.of(GroupStorage.COUNT), storage.parts().stream().map(p -> p.name()))
        .forEach(name -> columns.add(Objects.requireNonNull(stored.get(name))));
    return staging.bag("_g", columns);
  }

  private String collect(String delta) {
    List<String> aggregates = new ArrayList<>();
    aggregates.add("sum(i." + Staging.M + ")::bigint AS " + GroupStorage.COUNT);
    aggregates.add("bool_or(i." + Staging.M + " < 0) AS freshet$gone");
    for (GroupState state : storage.states()) {
      state.parts().forEach(part -> aggregates.add(part.delta() + " AS " + part.name()));
      state.measures().forEach(m -> aggregates.add(m.aggregate() + " AS " + m.name()));
    }
    List<String> next = new ArrayList<>();
    next.add("coalesce(s.%1$s, 0) + d.%1$s".formatted(GroupStorage.COUNT));
    storage.parts().forEach(part -> next.add(part.next()));
    String names = names("d.");
    String comma = names.isEmpty() ? "" : ", ";
    return "SELECT s.ctid, %s, %s%s FROM (SELECT %s%s FROM %s AS i%s) d LEFT JOIN LATERAL (%s) s ON true"
        .formatted(
            dirtyCondition(),
            names + comma,
            String.join(", ", next),
            names("i.") + comma,
            String.join(", ", aggregates),
            delta,
            RelationSql.groupBy(storage.aggregate.keys()),
            lookup());
  }

  private String names(String prefix) {
    return storage.aggregate.keys().stream()
        .map(key -> prefix + Quote.name(key))
        .collect(Collectors.joining(", "));
  }

  private String dirtyCondition() {
    String dirty = dirty();
    return storage.isRecomputed()
        ? "true"
        : dirty.isEmpty() ? "false" : "coalesce(" + dirty + ", false)";
  }

  /// Also when a row goes whose key is spelt in a way that no other row need share.
  String dirty() {
    boolean spelt = keys.stream().anyMatch(key -> !key.equalMeansSame());
    return Stream.concat(
            storage.states().stream().map(GroupState::dirty).filter(d -> !d.isEmpty()),
            spelt ? Stream.of("d.freshet$gone") : Stream.of())
        .map(d -> "(" + d + ")")
        .collect(Collectors.joining(" OR "));
  }

  /// The stored group of `d`.
  private String lookup() {
    return staging.lookup(
        storage.lookup().conditions("s", "d").stream()
            .map(condition ->
                "SELECT s.ctid, s.* FROM %s s WHERE %s".formatted(shape.storageTable(), condition))
            .collect(Collectors.joining(" UNION ALL ")));
  }

  Restriction restriction(String table) {
    return new Restriction(storage.aggregate.input(), storage.aggregate.keys(), table, keys);
  }

  /// The rows of the touched groups as they are at this moment.
  Replacement replacement(String delta, String changed) {
    String groups = stage(delta, changed);
    return new Replacement(
        "SELECT g.freshet$row FROM %s g WHERE g.freshet$row IS NOT NULL".formatted(groups),
        come(groups, "true"),
        storage.hasHaving() ? "c." + GroupStorage.SHOWN : "true",
        broken(groups));
  }

  /// Groups stay in their places, but for those that have lost all rows or are computed anew.
  Rewrite rewrite(String delta, String changed) {
    String groups = stage(delta, changed);
    return new Rewrite(
        "SELECT g.freshet$row FROM %s g WHERE g.freshet$row IS NOT NULL AND (g.freshet$dirty OR NOT (%s))"
            .formatted(groups, stays()),
        storage.isRecomputed() ? "" : update(groups),
        storage.fromRows().keySet().stream().map(Quote::name).collect(Collectors.joining(", ")),
        "SELECT c.* FROM %s c".formatted(come(groups, "g.freshet$row IS NULL")),
        broken(groups),
        BROKEN);
  }

  /// What follows SET where numbers are added.
  String update(String groups) {
    Set<String> fixed =
        storage.aggregate.keys().stream().map(storage::storedKey).collect(Collectors.toSet());
    return storage.fromState().entrySet().stream()
            .filter(entry -> !fixed.contains(entry.getKey()))
            .map(entry -> Quote.name(entry.getKey()) + " = " + entry.getValue())
            .collect(Collectors.joining(", "))
        + " FROM %s g WHERE t.ctid = g.freshet$row AND NOT g.freshet$dirty AND %s"
            .formatted(groups, stays());
  }

  /// A view without GROUP BY has its row also without any rows below.
  private String stays() {
    return storage.aggregate.keys().isEmpty() ? "true" : "g." + GroupStorage.COUNT + " > 0";
  }

  private String broken(String groups) {
    return staging.exists("%s g WHERE g.%s < 0".formatted(groups, GroupStorage.COUNT));
  }

  /// A bag of the touched groups as they will be.
  ///
  /// @param which of those that are not computed anew
  private String come(String groups, String which) {
    String come = staging.bag("_come", types.of(storage.query()));
    boolean global = storage.aggregate.keys().isEmpty();
    if (!storage.isRecomputed()) {
      staging.add(
          come,
          "",
          "SELECT %s FROM %s g WHERE NOT g.freshet$dirty AND %s AND %s"
              .formatted(String.join(", ", storage.fromState().values()), groups, stays(), which));
    }
    if (global && isEverDirty()) {
      staging.add(come, staging.exists(groups + " g WHERE g.freshet$dirty"), storage.query());
    } else if (isEverDirty()) {
      Restriction restriction = restriction(groups);
      for (NullArms.Arm arm : restriction.arms()) {
        staging.add(come, guard(groups, arm), recomputed(restriction, arm));
      }
    }
    return come;
  }

  boolean isEverDirty() {
    return storage.isRecomputed() || !dirty().isEmpty();
  }

  /// When a case of keys has dirty groups.
  String guard(String groups, NullArms.Arm arm) {
    String guard = arm.guard().isEmpty() ? "" : " AND " + arm.guard();
    return staging.exists("%s k WHERE k.freshet$dirty%s".formatted(groups, guard));
  }

  /// The dirty groups of a case, computed from their rows.
  String recomputed(Restriction restriction, NullArms.Arm arm) {
    return storage.query("(" + restriction.query(arm, "k.freshet$dirty") + ")");
  }
}
