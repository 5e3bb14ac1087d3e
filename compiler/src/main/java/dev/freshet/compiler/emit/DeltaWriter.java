package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Quote;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes how deltas are staged, sources first.
final class DeltaWriter {
  private static final String M = Staging.M;

  /// A relation by itself, beside conditions on relations that the user has named.
  static final String OWN = "freshet$x";

  private final Map<String, ChangeLog> logs;
  private final ColumnTypes types;
  private final Staging staging;
  private final Set<Integer> staged = new HashSet<>();

  /// Where deltas are sources.
  private final Map<Integer, Set<Use>> users = new HashMap<>();

  /// A place among the sources of a delta.
  private record Use(int delta, int place) {}

  /// @param logs by the SQL name of the captured table
  DeltaWriter(Map<String, ChangeLog> logs, ColumnTypes types, Staging staging) {
    this.logs = logs;
    this.types = types;
    this.staging = staging;
  }

  String table(Delta delta) {
    return staging.delta(delta, types.of(delta.relation()));
  }

  /// An input whose rows are those of a delta, without their multiplicity.
  Input staged(Input input, Delta delta) {
    return new Input(input.alias(), Narrowed.table(table(delta), input.relation().columns()));
  }

  /// Stages all captured changes; nothing else happens if there are none.
  void changes(List<Delta> roots) {
    roots.stream().flatMap(Delta::all).forEach(this::uses);
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
          String now = ((Delta.Tick) tick).relation().time();
          staging.stage(
              tick, table(tick), "", List.of("VALUES (-1, " + clock + "), (1, " + now + ")"));
        });
  }

  private void uses(Delta delta) {
    for (int i = 0; i < delta.sources().size(); i++) {
      users
          .computeIfAbsent(delta.sources().get(i).number(), _ -> new HashSet<>())
          .add(new Use(delta.number(), i));
    }
  }

  private void changes(Delta.Changes delta) {
    if (!staged.add(delta.number())) {
      return;
    }
    List<ColumnType> columns = types.of(delta.relation());
    ColumnTypes.requireGroupable(columns);
    String rows = new LogWriter(logs, staging).rows(delta);
    staging.comment(
        "What has changed in "
            + delta.scan().table()
            + ", rows that look the same taken together.");
    staging.stage(delta, table(delta), "", List.of(staging.nets() ? netted(rows, columns) : rows));
  }

  private static String netted(String rows, List<ColumnType> columns) {
    return "SELECT sum(i.%s)%s%s FROM (%s) AS i%s HAVING sum(i.%s) <> 0"
        .formatted(
            M,
            columns.isEmpty() ? "" : ", ",
            ColumnTypes.grouped(columns, "i."),
            rows,
            ColumnTypes.image(columns, "i."),
            M);
  }

  /// Stages a delta that is computed from others.
  void stage(Delta delta) {
    stage(delta, Optional.empty());
  }

  /// Sources of which few keys matter come last.
  private void stage(Delta delta, Optional<WantedKeys> wanted) {
    Map<Boolean, List<Integer>> narrow =
        IntStream.range(0, delta.sources().size())
            .boxed()
            .collect(Collectors.partitioningBy(i -> wantedKeys(delta, i).isPresent()));
    for (int i : Objects.requireNonNull(narrow.get(false))) {
      stage(delta.sources().get(i), passes(delta) ? wanted : Optional.empty());
    }
    for (int i : Objects.requireNonNull(narrow.get(true))) {
      stage(delta.sources().get(i), wantedKeys(delta, i));
    }
    if (delta instanceof Delta.None || !staged.add(delta.number())) {
      return;
    }
    table(delta); // also where no input can change
    measure(delta);
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
      case Delta.Recompute recompute ->
          new KeyedWriter(this, types, staging).write(recompute, wanted);
    }
  }

  /// What is used elsewhere, too, is needed as a whole.
  private Optional<WantedKeys> wantedKeys(Delta delta, int source) {
    return isShared(delta.sources().get(source)) ? Optional.empty() : WantedKeys.of(delta, source);
  }

  private boolean isShared(Delta delta) {
    return users.getOrDefault(delta.number(), Set.of()).size() > 1
        || (passes(delta) && isShared(delta.sources().getFirst()));
  }

  /// Whether keys of the delta are those of its only source.
  private static boolean passes(Delta delta) {
    return delta instanceof Delta.Join && delta.sources().size() == 1;
  }

  /// Has what is staged counted by the columns by which it is searched.
  private void measure(Delta delta) {
    switch (delta) {
      case Delta.Join(int number, var join, var sources) ->
          measure(join.inputs(), join.conditions(), sources);
      case Delta.Pairs(int number, var match, var sources) ->
          measure(List.of(match.left(), match.right()), match.conditions(), sources);
      default -> {}
    }
  }

  private void measure(List<Input> inputs, List<Expression> conditions, List<Delta> sources) {
    for (int i = 0; i < inputs.size(); i++) {
      Set<String> columns = References.of(inputs.get(i).alias(), conditions.stream());
      if (!(sources.get(i) instanceof Delta.None) && !columns.isEmpty()) {
        staging.measure(sources.get(i), table(sources.get(i)), columns);
      }
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

  /// An input as it was before its changes, with a signed multiplicity.
  String old(Input input, Delta delta) {
    String columns = RelationSql.names(input.relation().columns(), OWN + ".");
    String comma = columns.isEmpty() ? "" : ", ";
    return "(SELECT 1::bigint AS %s%s FROM %s UNION ALL SELECT -%s.%s%s FROM %s AS %s) AS %s"
        .formatted(
            M,
            comma + columns,
            RelationSql.item(new Input(OWN, input.relation())),
            OWN,
            M,
            comma + columns,
            table(delta),
            OWN,
            Quote.name(input.alias()));
  }
}
