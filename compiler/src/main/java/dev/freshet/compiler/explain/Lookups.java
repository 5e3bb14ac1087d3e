package dev.freshet.compiler.explain;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Constants;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.Rows;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.algebra.TimeBucket;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.delta.DeltaPlan;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds the searches that a plan makes in tables: for the partners of changed rows, and for all
/// rows of a key that is computed anew.
public final class Lookups {
  private static final Set<String> EQUAL = Set.of("=");
  private static final Set<String> ORDER = Set.of("<", "<=", "=", ">=", ">");

  private final Map<String, Lookup> found = new LinkedHashMap<>();

  private Lookups() {}

  /// The searches of a plan; of several with the same columns the first.
  public static List<Lookup> of(IncrementScript script) {
    Lookups lookups = new Lookups();
    DeltaPlan plan = script.plan();
    switch (plan) {
      case DeltaPlan.Groups groups -> lookups.groups(KeptState.of(script, groups.aggregate()));
      case DeltaPlan.Keys keys -> lookups.keyed(keys.keyed());
      case DeltaPlan.Rows rows -> {}
    }
    plan.deltas().stream().flatMap(Delta::all).forEach(lookups::add);
    return List.copyOf(lookups.found.values());
  }

  private void add(Delta delta) {
    switch (delta) {
      case Delta.Changes changes -> {}
      case Delta.Tick tick -> {}
      case Delta.None none -> {}
      case Delta.Join join -> partners(join.relation(), join.relation().conditions());
      case Delta.Pairs pairs -> partners(pairs.relation(), pairs.relation().conditions());
      case Delta.Append append -> {}
      case Delta.Recompute recompute -> keyed(recompute.relation());
    }
  }

  private void groups(KeptState state) {
    Aggregate aggregate = state.aggregate();
    if (state.recomputes()) {
      keyed(aggregate);
    }
    for (String column : state.counted()) {
      List<String> columns = new ArrayList<>(aggregate.keys());
      columns.add(column);
      rows(aggregate.input(), columns, "the rows of a group with a value that is counted once");
    }
  }

  private void keyed(Keyed keyed) {
    for (int i = 0; i < keyed.inputs().size(); i++) {
      rows(keyed.inputs().get(i), keyed.keys(i), purpose(keyed));
    }
  }

  private void rows(Relation relation, List<String> columns, String purpose) {
    Stream<Origin> equal =
        columns.stream()
            .filter(column -> bucket(relation, column).isEmpty())
            .flatMap(column -> Origin.of(relation, column));
    Stream<Origin> within =
        columns.stream()
            .flatMap(column -> bucket(relation, column).stream())
            .flatMap(bucket -> Origin.of(References.inputs(relation), bucket.time()));
    List<Origin> origins = Stream.concat(equal, within).distinct().toList();
    byTable(origins).forEach((table, found) -> add(table, found, purpose));
  }

  /// What a column is as a part of time, whose rows are searched as a range.
  private static Optional<TimeBucket> bucket(Relation relation, String column) {
    return relation instanceof Select select ? TimeBucket.of(select, column) : Optional.empty();
  }

  private static String purpose(Keyed keyed) {
    return switch (keyed) {
      case Aggregate aggregate -> "the rows of a group that is computed anew";
      case Relation.Window window -> "the rows of a partition that is computed anew";
      case Relation.First first -> "the rows of a key that is computed anew";
      case Relation.Combine combine -> "the rows that are equal to a changed one";
    };
  }

  /// Each input is searched for the partners of another one's changed rows.
  private void partners(Relation join, List<Expression> conditions) {
    List<Input> inputs = References.inputs(join);
    for (Input searched : inputs) {
      for (Input changed : inputs) {
        if (!searched.alias().equals(changed.alias()) && canChange(changed.relation())) {
          List<Origin> origins =
              conditions.stream().flatMap(c -> searched(c, inputs, searched, changed)).toList();
          byTable(origins).forEach((table, columns) -> add(table, columns, wanted(changed)));
        }
      }
    }
  }

  private static String wanted(Input changed) {
    return changed.relation() instanceof Relation.Clock
        ? "rows that time has reached"
        : "partners of changed " + Quote.name(changed.alias());
  }

  private static Stream<Origin> searched(
      Expression condition, List<Input> inputs, Input searched, Input changed) {
    if (!(condition instanceof Expression.Infix(var span, Expression l, var operator, Expression r))
        || !(changed.relation() instanceof Relation.Clock ? ORDER : EQUAL)
            .contains(operator.symbol())) {
      return Stream.of();
    }
    return uses(l, searched) && uses(r, changed)
        ? Origin.of(inputs, l)
        : uses(r, searched) && uses(l, changed) && !(r instanceof Expression.Elements)
            ? Origin.of(inputs, r)
            : Stream.of();
  }

  /// Whether a value is computed from columns of this input alone.
  private static boolean uses(Expression value, Input input) {
    List<Expression.Column> columns = References.columns(value);
    return !columns.isEmpty()
        && columns.stream().allMatch(c -> c.path().getFirst().equals(input.alias()));
  }

  private static boolean canChange(Relation relation) {
    return switch (relation) {
      case Scan scan -> true;
      case Relation.Clock clock -> true;
      case Rows rows -> false;
      case Constants constants -> false;
      case Select select ->
          References.inputs(select).stream().anyMatch(i -> canChange(i.relation()));
      case Match match -> true;
      case Union union -> union.inputs().stream().anyMatch(Lookups::canChange);
      case Keyed keyed -> keyed.inputs().stream().anyMatch(Lookups::canChange);
    };
  }

  private static Map<Scan, Set<String>> byTable(List<Origin> origins) {
    return origins.stream()
        .collect(
            Collectors.groupingBy(
                Origin::table,
                LinkedHashMap::new,
                Collectors.mapping(Origin::sql, Collectors.toCollection(LinkedHashSet::new))));
  }

  private void add(Scan table, Set<String> columns, String purpose) {
    Lookup lookup = new Lookup(table, new ArrayList<>(columns), purpose);
    found.putIfAbsent(table.captured() + " " + new TreeSet<>(columns), lookup);
  }
}
