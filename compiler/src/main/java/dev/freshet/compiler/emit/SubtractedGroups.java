package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the delta of groups whose aggregates can be subtracted: what a group was is what it is
/// now without what its changes add up to. So its rows are read once and not kept.
final class SubtractedGroups {
  private static final String M = Staging.M;
  private static final String COUNT = GroupStorage.COUNT;
  private static final String SPECIAL = "freshet$special";
  private static final String NEVER = "false";

  private final Aggregate aggregate;
  private final List<GroupState> states;
  private final ColumnTypes types;
  private final Staging staging;

  private SubtractedGroups(
      Aggregate aggregate, List<GroupState> states, ColumnTypes types, Staging staging) {
    this.aggregate = aggregate;
    this.states = states;
    this.types = types;
    this.staging = staging;
  }

  /// Empty unless every aggregate can be subtracted, and keys have one spelling: which of several a
  /// group shows depends on its rows.
  static Optional<SubtractedGroups> of(Delta.Recompute delta, ColumnTypes types, Staging staging) {
    if (!(delta.relation() instanceof Aggregate aggregate)
        || delta.sources().getFirst() instanceof Delta.None) {
      return Optional.empty();
    }
    List<Optional<GroupState>> states = GroupState.of(aggregate, types);
    boolean addable =
        states.stream().allMatch(state -> state.filter(GroupState::isAddable).isPresent())
            && aggregate.keys().stream()
                .allMatch(key -> types.of(aggregate.input(), key).equalMeansSame());
    return addable
        ? Optional.of(
            new SubtractedGroups(
                aggregate, states.stream().map(Optional::orElseThrow).toList(), types, staging))
        : Optional.empty();
  }

  /// Stages the delta, unless some numbers cannot be subtracted.
  ///
  /// @param table of the delta
  /// @param changes a query of what must be added to the grouped rows of now to have those of then
  /// @param keys of the groups that changes touch
  /// @return the condition under which that is so; empty if it never is
  Optional<String> write(
      Delta.Recompute delta, String table, String changes, KeyedWriter.TouchedKeys keys) {
    String bag = staging.bag("_s" + delta.number() + "r1", columns());
    Restriction now =
        new Restriction(aggregate.input(), aggregate.keys(), keys.keys(), keys.keyTypes());
    staging.comment("What these groups add up to, and what came or went.");
    for (NullArms.Arm arm : now.arms()) {
      staging.add(bag, now.guard(keys.changed(), arm), now(now.query(arm, "true")));
    }
    staging.add(bag, keys.changed(), went(changes));
    Optional<String> special =
        dirty().equals(NEVER)
            ? Optional.empty()
            : Optional.of(staging.exists("%s s WHERE s.%s".formatted(bag, SPECIAL)));
    String condition =
        special.map(s -> "(%s) AND NOT %s".formatted(keys.changed(), s)).orElse(keys.changed());
    staging.stage(delta, table, condition, List.of(difference(bag)));
    return special;
  }

  /// The keys, then what adds up, for rows of now and with a minus sign for changes.
  private List<ColumnType> columns() {
    List<ColumnType> stored =
        types.of(
            "SELECT %s FROM (%s) AS i%s"
                .formatted(
                    list(keys("i."), builds()),
                    RelationSql.query(aggregate.input()),
                    RelationSql.groupBy(aggregate.keys())));
    return Stream.concat(
            Stream.of(Staging.column(M, "integer"), Staging.column(SPECIAL, "boolean")),
            stored.stream())
        .toList();
  }

  private String now(String rows) {
    return "SELECT 1, %s, s.* FROM (SELECT %s FROM (%s) AS i%s) s%s"
        .formatted(
            dirty(),
            list(keys("i."), builds()),
            rows,
            RelationSql.groupBy(aggregate.keys()),
            beside(measures(), "false", "d"));
  }

  private String went(String changes) {
    Stream<String> sums =
        parts()
            .map(part ->
                part.name().equals(COUNT)
                    ? "coalesce(sum(i.%s), 0)::bigint AS %s".formatted(M, COUNT)
                    : part.delta() + " AS " + part.name());
    Stream<String> measured =
        states.stream()
            .flatMap(state -> state.measures().stream())
            .map(measure -> measure.aggregate() + " AS " + measure.name());
    return "SELECT -1, %s, %s FROM (SELECT %s FROM (%s) AS i%s) d%s"
        .formatted(
            dirty(),
            list(keys("d."), parts().map(part -> "d." + part.name())),
            list(keys("i."), Stream.concat(sums, measured)),
            changes,
            RelationSql.groupBy(aggregate.keys()),
            beside(parts().map(GroupState.Part::name), "NULL", "s"));
  }

  /// One row in the place of what only the other side has.
  private String beside(Stream<String> names, String value, String alias) {
    return dirty().equals(NEVER)
        ? ""
        : ", (SELECT %s) %s"
            .formatted(
                names.map(name -> value + " AS " + name).collect(Collectors.joining(", ")), alias);
  }

  private String difference(String bag) {
    List<ColumnType> result = types.of(aggregate);
    boolean global = aggregate.keys().isEmpty();
    String then =
        "SELECT %s FROM %s AS i%s%s"
            .formatted(
                list(keys("i."), sums()),
                bag,
                RelationSql.groupBy(aggregate.keys()),
                global ? "" : " HAVING sum(i.%s) > 0".formatted(COUNT));
    return "SELECT sum(u.%1$s), %2$s FROM (SELECT 1 AS %1$s, %3$s FROM %4$s AS g WHERE g.%1$s > 0 UNION ALL SELECT -1, %3$s FROM (%5$s) AS g) u%6$s HAVING sum(u.%1$s) <> 0"
        .formatted(
            M,
            ColumnTypes.grouped(result, "u."),
            values(),
            bag,
            then,
            ColumnTypes.image(result, "u."));
  }

  private Stream<String> sums() {
    List<ColumnType> columns = columns();
    return parts()
        .map(GroupState.Part::name)
        .map(name ->
            "sum(i.%1$s)::%2$s AS %1$s".formatted(name, ColumnTypes.named(columns, name).type()));
  }

  /// The columns of a group `g`.
  private String values() {
    List<String> values = new ArrayList<>();
    List<Output> outputs = aggregate.outputs();
    for (int i = 0; i < outputs.size(); i++) {
      Output output = outputs.get(i);
      int state = i - aggregate.keys().size();
      String value =
          state < 0
              ? "g." + Quote.name(((Expression.Column) output.value()).path().getLast())
              : states.get(state).result();
      values.add(value + " AS " + Quote.name(output.column().name()));
    }
    return String.join(", ", values);
  }

  private Stream<GroupState.Part> parts() {
    return Stream.concat(
        Stream.of(new GroupState.Part(COUNT, "count(*)", "", "")),
        states.stream().flatMap(state -> state.parts().stream()));
  }

  private Stream<String> builds() {
    return parts().map(part -> part.build() + " AS " + part.name());
  }

  private Stream<String> measures() {
    return states.stream().flatMap(state -> state.measures().stream()).map(m -> m.name());
  }

  /// Whether a group or its changes hold numbers that cannot be subtracted.
  private String dirty() {
    List<String> conditions =
        states.stream().map(GroupState::dirty).filter(dirty -> !dirty.isEmpty()).toList();
    return conditions.isEmpty()
        ? NEVER
        : "coalesce(%s, false)".formatted(String.join(" OR ", conditions));
  }

  private Stream<String> keys(String prefix) {
    return aggregate.keys().stream().map(key -> prefix + Quote.name(key));
  }

  private static String list(Stream<String> first, Stream<String> rest) {
    return Stream.concat(first, rest).collect(Collectors.joining(", "));
  }
}
