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

/// Writes how the delta of the rows below a grouped view changes its storage: numbers are added
/// where that is exact, the other groups are computed anew.
final class GroupsWriter {
  private final ViewShape shape;
  private final GroupStorage storage;
  private final ColumnTypes types;
  private final Staging staging;
  private final Statements body;
  private final List<ColumnType> keys;

  GroupsWriter(
      ViewShape shape, GroupStorage storage, ColumnTypes types, Staging staging, Statements body) {
    this.shape = shape;
    this.storage = storage;
    this.types = types;
    this.staging = staging;
    this.body = body;
    this.keys =
        storage.aggregate.keys().stream()
            .map(key -> types.of(storage.aggregate.input(), key))
            .toList();
  }

  void write(String delta, String changed) {
    String groups = groups();
    List<GroupState.Distinct> distinct =
        storage.states().stream().flatMap(state -> state.distinct().stream()).toList();
    DistinctWriter different = new DistinctWriter(storage.aggregate, keys, types, staging);
    staging.lock(changed, delta, keys);
    distinct.forEach(one -> different.stage(one, delta, changed));
    staging.comment("What the changes add up to in each group, and whether it can be added.");
    staging.add(groups, changed, collect(different.with(delta, distinct)));
    String broken = "SELECT count(*) FROM %s g WHERE %s < 0".formatted(groups, GroupStorage.COUNT);
    body.execute(changed, List.of(broken), " INTO STRICT broken");
    body.line("IF broken > 0 THEN");
    body.line("  RAISE EXCEPTION 'more rows left a group than it had';");
    body.line("END IF;");
    if (!storage.isRecomputed()) {
      add(groups, changed);
    }
    if (storage.isRecomputed() || dirty().length() > 0) {
      recompute(groups, changed);
    }
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
  private String dirty() {
    boolean spelt = keys.stream().anyMatch(key -> !key.equalMeansSame());
    return Stream.concat(
            storage.states().stream().map(GroupState::dirty).filter(d -> !d.isEmpty()),
            spelt ? Stream.of("d.freshet$gone") : Stream.of())
        .map(d -> "(" + d + ")")
        .collect(Collectors.joining(" OR "));
  }

  /// The stored group of `d`: one query for each set of keys that are NULL, so that an index
  /// serves.
  private String lookup() {
    List<String> stored = storage.aggregate.keys().stream().map(storage::storedKey).toList();
    return restriction("").arms(stored, "s", "d").stream()
        .map(arm ->
            "SELECT s.ctid, s.* FROM %s s WHERE %s".formatted(shape.storageTable(), arm.both()))
        .collect(Collectors.joining(" UNION ALL "));
  }

  private Restriction restriction(String table) {
    return new Restriction(storage.aggregate.input(), storage.aggregate.keys(), table, keys);
  }

  private void add(String groups, String changed) {
    Map<String, String> columns = storage.fromState();
    boolean global = storage.aggregate.keys().isEmpty();
    Set<String> fixed =
        storage.aggregate.keys().stream().map(storage::storedKey).collect(Collectors.toSet());
    String set =
        columns.entrySet().stream()
            .filter(entry -> !fixed.contains(entry.getKey()))
            .map(entry -> Quote.name(entry.getKey()) + " = " + entry.getValue())
            .collect(Collectors.joining(", "));
    body.comment("Groups that have lost all rows, groups that stay, groups that are new.");
    if (!global) {
      body.count(
          changed,
          List.of(
              "DELETE FROM %s t USING %s g WHERE t.ctid = g.freshet$row AND NOT g.freshet$dirty AND g.%s = 0"
                  .formatted(shape.storageTable(), groups, GroupStorage.COUNT)),
          "",
          "deleted");
    }
    body.count(
        changed,
        List.of(
            "UPDATE %s t SET %s FROM %s g WHERE t.ctid = g.freshet$row AND NOT g.freshet$dirty%s"
                .formatted(
                    shape.storageTable(),
                    set,
                    groups,
                    global ? "" : " AND g." + GroupStorage.COUNT + " > 0")),
        "",
        "updated");
    body.count(
        changed,
        List.of(
            "INSERT INTO %s (%s) SELECT %s FROM %s g WHERE g.freshet$row IS NULL AND NOT g.freshet$dirty AND g.%s > 0"
                .formatted(
                    shape.storageTable(),
                    columns.keySet().stream().map(Quote::name).collect(Collectors.joining(", ")),
                    String.join(", ", columns.values()),
                    groups,
                    GroupStorage.COUNT)),
        "",
        "inserted");
  }

  private void recompute(String groups, String changed) {
    body.comment("Groups that are computed anew.");
    String any =
        "(%s) AND EXISTS (SELECT FROM %s g WHERE g.freshet$dirty)".formatted(changed, groups);
    body.count(
        changed,
        List.of(
            "DELETE FROM %s t USING %s g WHERE t.ctid = g.freshet$row AND g.freshet$dirty"
                .formatted(shape.storageTable(), groups)),
        "",
        "deleted");
    String columns =
        storage.fromRows().keySet().stream().map(Quote::name).collect(Collectors.joining(", "));
    String insert = "INSERT INTO %s (%s) ".formatted(shape.storageTable(), columns);
    if (storage.aggregate.keys().isEmpty()) {
      body.count(any, List.of(insert + storage.query()), "", "inserted");
      return;
    }
    Restriction restriction = restriction(groups);
    for (NullArms.Arm arm : restriction.arms()) {
      String guard = arm.guard().isEmpty() ? "" : " AND " + arm.guard();
      body.count(
          "(%s) AND EXISTS (SELECT FROM %s k WHERE k.freshet$dirty%s)"
              .formatted(changed, groups, guard),
          List.of(insert + storage.query("(" + restriction.query(arm, "k.freshet$dirty") + ")")),
          "",
          "inserted");
    }
  }
}
