package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Writes how deltas are staged, sources first.
final class DeltaWriter {
  private static final String M = Staging.M;

  /// A relation by itself, beside conditions on relations that the user has named.
  static final String OWN = "freshet$x";

  private final Map<String, ChangeLog> logs;
  private final ColumnTypes types;
  private final Staging staging;
  private final Set<Integer> staged = new HashSet<>();

  /// @param logs by the SQL name of the captured table
  DeltaWriter(Map<String, ChangeLog> logs, ColumnTypes types, Staging staging) {
    this.logs = logs;
    this.types = types;
    this.staging = staging;
  }

  String table(Delta delta) {
    return staging.delta(delta, types.of(delta.relation()));
  }

  /// Stages all captured changes; nothing else happens if there are none.
  void changes(List<Delta> roots) {
    roots.stream()
        .flatMap(Delta::all)
        .filter(Delta.Changes.class::isInstance)
        .map(Delta.Changes.class::cast)
        .forEach(this::changes);
    roots.stream()
        .flatMap(Delta::all)
        .filter(Delta.Tick.class::isInstance)
        .findFirst()
        .ifPresent(tick -> {
          staged.add(tick.number());
          staging.comment("The time that has passed.");
          String clock = staging.mark().clock();
          staging.stage(tick, table(tick), "", List.of("VALUES (-1, " + clock + "), (1, now())"));
        });
  }

  private void changes(Delta.Changes delta) {
    if (!staged.add(delta.number())) {
      return;
    }
    Scan scan = delta.relation();
    ChangeLog log = Objects.requireNonNull(logs.get(scan.captured().sql()));
    List<ColumnType> columns = types.of(scan);
    ColumnTypes.requireGroupable(columns);
    List<ColumnType> logged =
        columns.stream()
            .map(c ->
                new ColumnType(
                    Objects.requireNonNull(log.columns().get(c.name())),
                    c.type(),
                    c.collation(),
                    c.equals(),
                    c.equalMeansSame(),
                    c.hashable()))
            .toList();
    staging.comment(
        "What has changed in " + scan.table() + ", rows that look the same taken together.");
    String where =
        " FROM %s l WHERE %s".formatted(log.table(), pending(log, staging.mark()))
            + scan.shown().map(shown -> " AND l." + log.columns().get(shown)).orElse("");
    staging.stage(
        delta,
        table(delta),
        "",
        List.of(
            "SELECT sum(l.multiplicity)%s%s%s%s HAVING sum(l.multiplicity) <> 0"
                .formatted(
                    columns.isEmpty() ? "" : ", ",
                    ColumnTypes.grouped(logged, "l."),
                    where,
                    ColumnTypes.image(logged, "l."))));
  }

  /// Which rows `l` of a log the view has yet to see.
  private static String pending(ChangeLog log, Staging.Mark mark) {
    return log.immediate()
        ? "l.xid = pg_current_xact_id()"
        : "l.xid >= pg_snapshot_xmin(%1$s) AND NOT pg_visible_in_snapshot(l.xid, %1$s) AND l.xid <> %2$s"
            .formatted(mark.since(), mark.own());
  }

  /// Stages a delta that is computed from others.
  void stage(Delta delta) {
    delta.sources().forEach(this::stage);
    if (delta instanceof Delta.None || !staged.add(delta.number())) {
      return;
    }
    switch (delta) {
      case Delta.Changes changes -> {}
      case Delta.Tick tick -> {}
      case Delta.None none -> {}
      case Delta.Join join -> {
        staging.comment("Combinations that came or went.");
        new JoinWriter(this, staging).terms(join, join.relation());
      }
      case Delta.Pairs pairs -> new PairsWriter(this, staging).write(pairs);
      case Delta.Append append -> append(append);
      case Delta.Recompute recompute -> recompute(recompute);
    }
  }

  private void append(Delta.Append append) {
    for (Delta source : append.sources()) {
      if (!(source instanceof Delta.None)) {
        String columns = RelationSql.names(source.relation().columns(), "");
        staging.stage(
            append,
            table(append),
            staging.changed(source),
            List.of(
                "SELECT %s FROM %s"
                    .formatted(M + (columns.isEmpty() ? "" : ", ") + columns, table(source))));
      }
    }
  }

  /// Computes the touched keys from the rows as they are and as they were.
  private void recompute(Delta.Recompute delta) {
    Keyed keyed = delta.relation();
    List<ColumnType> result = types.of(keyed);
    ColumnTypes.requireGroupable(result);
    TouchedKeys touched = touch(keyed, delta.sources(), "_s" + delta.number(), this::came);
    List<String> before = new ArrayList<>();
    for (int i = 0; i < keyed.inputs().size(); i++) {
      Delta source = delta.sources().get(i);
      String bag = touched.bags().get(i);
      before.add(
          source instanceof Delta.None
              ? bag
              : before(types.of(keyed.inputs().get(i)), bag, table(source)));
    }
    staging.stage(
        delta,
        table(delta),
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
  /// @param bags for each input the table with its rows of these keys, as they are
  record TouchedKeys(String changed, String keys, List<ColumnType> keyTypes, List<String> bags) {}

  /// Stages the keys that occur in deltas, and the rows of the inputs that have such keys.
  ///
  /// @param more how many rows besides those of the result are needed of ordered ones
  TouchedKeys touch(Keyed keyed, List<Delta> sources, String name, Function<Delta, String> more) {
    staging.comment("Keys that changes touch, and their rows as they are.");
    List<ColumnType> keyTypes = keyTypes(keyed, 0);
    String keys = staging.bag(name + "k", keyTypes);
    String changed = sources.stream().map(staging::changed).collect(Collectors.joining(" OR "));
    staging.add(keys, changed, touchedKeys(keyed, sources));
    staging.lock(changed, keys, keyTypes);
    List<String> bags = new ArrayList<>();
    for (int i = 0; i < keyed.inputs().size(); i++) {
      List<ColumnType> rowTypes = types.of(keyed.inputs().get(i));
      ColumnTypes.requireGroupable(rowTypes);
      String bag = staging.bag(name + "r" + i, rowTypes);
      new Restriction(keyed.inputs().get(i), keyed.keys(i), keys, keyTypes)
          .write(staging, changed, bag, reach(keyed, more.apply(sources.get(i))));
      bags.add(bag);
    }
    return new TouchedKeys(changed, keys, keyTypes, bags);
  }

  private static String reach(Keyed keyed, String more) {
    return keyed instanceof First first ? RelationSql.reach(first, more) : "";
  }

  /// So that the first rows of before are among those of now and those that went.
  private String came(Delta source) {
    return source instanceof Delta.None
        ? ""
        : " + (SELECT coalesce(sum(%s) FILTER (WHERE %s > 0), 0) FROM %s)"
            .formatted(M, M, table(source));
  }

  private List<ColumnType> keyTypes(Keyed keyed, int input) {
    return keyed.keys(input).stream().map(key -> types.of(keyed.inputs().get(input), key)).toList();
  }

  private String touchedKeys(Keyed keyed, List<Delta> sources) {
    if (keyed.keys(0).isEmpty()) {
      return "SELECT";
    }
    List<String> queries = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      if (!(sources.get(i) instanceof Delta.None)) {
        String names = keyed.keys(i).stream().map(Quote::name).collect(Collectors.joining(", "));
        queries.add("SELECT " + names + " FROM " + table(sources.get(i)));
      }
    }
    return "SELECT DISTINCT * FROM (%s) k".formatted(String.join(" UNION ALL ", queries));
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

  /// An input as it was before its changes, with a signed multiplicity.
  String old(Input input, Delta delta, String where) {
    String columns = RelationSql.names(input.relation().columns(), OWN + ".");
    String comma = columns.isEmpty() ? "" : ", ";
    return "(SELECT 1::bigint AS %s%s FROM %s%s UNION ALL SELECT -%s.%s%s FROM %s AS %s%s) AS %s"
        .formatted(
            M,
            comma + columns,
            RelationSql.item(new Input(OWN, input.relation())),
            where,
            OWN,
            M,
            comma + columns,
            table(delta),
            OWN,
            where,
            Quote.name(input.alias()));
  }
}
