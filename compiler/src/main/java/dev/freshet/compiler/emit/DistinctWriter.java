package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes how many different values groups gain and lose: a value counts from its first row in a
/// group to its last.
final class DistinctWriter {
  private static final String M = Staging.M;

  private final Aggregate aggregate;
  private final List<ColumnType> keys;
  private final ColumnTypes types;
  private final Staging staging;

  DistinctWriter(Aggregate aggregate, List<ColumnType> keys, ColumnTypes types, Staging staging) {
    this.aggregate = aggregate;
    this.keys = keys;
    this.types = types;
    this.staging = staging;
  }

  /// Stages the groups in which values of a column come or go.
  void stage(GroupState.Distinct distinct, String delta, String changed) {
    ColumnType value = types.of(aggregate.input(), distinct.column());
    List<ColumnType> pair = Stream.concat(keys.stream(), Stream.of(value)).distinct().toList();
    List<String> names = pair.stream().map(ColumnType::name).toList();
    String touched = staging.bag(suffix(distinct) + "k", pair);
    String rows = staging.bag(suffix(distinct) + "r0", pair);
    staging.comment(
        "Values of "
            + distinct.column()
            + " in groups, of which rows came or went, and their rows.");
    String filter = distinct.filter().isEmpty() ? "" : " AND " + distinct.filter();
    staging.addKeys(
        touched,
        changed,
        "SELECT DISTINCT %s FROM %s AS i WHERE i.%s IS NOT NULL%s"
            .formatted(list(names, "i."), delta, Quote.name(distinct.column()), filter));
    Restriction restriction =
        new Restriction(aggregate.input(), names, touched, pair, Set.of(distinct.column()));
    for (NullArms.Arm arm : restriction.arms()) {
      staging.add(
          rows,
          restriction.guard(changed, arm),
          "SELECT %s FROM (%s) AS i%s"
              .formatted(
                  list(names, "i."),
                  restriction.query(arm, "true"),
                  distinct.filter().isEmpty() ? "" : " WHERE " + distinct.filter()));
    }
    String gained = gained(distinct);
    String keyNames = list(aggregate.keys(), "v.");
    String comma = keyNames.isEmpty() ? "" : ", ";
    staging.add(
        gained,
        changed,
        """
        SELECT sum((v.now > 0)::integer - (v.now - v.came > 0)::integer)%s FROM (
          SELECT %s, sum(b.came) AS came, sum(b.now) AS now FROM (
            SELECT %s, i.%s AS came, 0 AS now FROM %s AS i WHERE i.%s IS NOT NULL%s
            UNION ALL SELECT %s, 0, 1 FROM %s AS i) b GROUP BY %s) v%s\
        """
            .formatted(
                comma + keyNames,
                list(names, "b."),
                list(names, "i."),
                M,
                delta,
                Quote.name(distinct.column()),
                filter,
                list(names, "i."),
                rows,
                list(names, "b."),
                keyNames.isEmpty() ? "" : " GROUP BY " + keyNames));
  }

  /// The delta of the rows together with rows of multiplicity 0 that tell the numbers of values.
  String with(String delta, List<GroupState.Distinct> distinct) {
    if (distinct.isEmpty()) {
      return delta;
    }
    List<String> arms = new ArrayList<>();
    List<String> columns = aggregate.input().columns().stream().map(Column::name).toList();
    String none =
        distinct.stream().map(d -> ", NULL::bigint AS " + d.gained()).collect(Collectors.joining());
    String all = columns.isEmpty() ? "" : ", " + list(columns, "i.");
    arms.add("SELECT i.%s%s%s FROM %s AS i".formatted(M, all, none, delta));
    for (GroupState.Distinct one : distinct) {
      String values =
          columns.stream()
              .map(c -> aggregate.keys().contains(c) ? ", t." + Quote.name(c) : ", NULL")
              .collect(Collectors.joining());
      String gained =
          distinct.stream()
              .map(d -> d.equals(one) ? ", t.freshet$gained" : ", NULL")
              .collect(Collectors.joining());
      arms.add("SELECT 0%s%s FROM %s AS t".formatted(values, gained, gained(one)));
    }
    return "(" + String.join(" UNION ALL ", arms) + ")";
  }

  private String gained(GroupState.Distinct distinct) {
    ColumnType number = Staging.column("freshet$gained", "bigint");
    return staging.bag(suffix(distinct), Stream.concat(Stream.of(number), keys.stream()).toList());
  }

  private static String suffix(GroupState.Distinct distinct) {
    return "_d" + distinct.gained().replaceAll("\\D", "");
  }

  private static String list(List<String> names, String prefix) {
    return names.stream().map(name -> prefix + Quote.name(name)).collect(Collectors.joining(", "));
  }
}
