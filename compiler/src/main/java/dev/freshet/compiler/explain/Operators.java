package dev.freshet.compiler.explain;

import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.delta.DeltaPlan;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.explain.Operator.Maintenance;
import java.util.ArrayList;
import java.util.List;

/// Tells for each operator of a view how it follows changes, outermost first.
public final class Operators {
  private final List<Operator> operators = new ArrayList<>();

  private Operators() {}

  public static List<Operator> of(IncrementScript script) {
    Operators found = new Operators();
    switch (script.plan()) {
      case DeltaPlan.Groups groups ->
          found.groups(groups, KeptState.of(script, groups.aggregate()));
      case DeltaPlan.Rows rows -> found.add(rows.delta(), 0);
    }
    return List.copyOf(found.operators);
  }

  private void groups(DeltaPlan.Groups plan, KeptState state) {
    Aggregate aggregate = plan.aggregate();
    List<String> values = new ArrayList<>(state.values());
    Select above = plan.relation();
    if (!above.conditions().isEmpty()) {
      values.add(
          "having %s: groups that fail it are stored too, and not shown"
              .formatted(state.having(above.conditions())));
    }
    boolean added = state.isAdded();
    Maintenance maintenance = added ? Maintenance.ALGEBRA : perKey(aggregate);
    String why =
        added
            ? "what changes add up to in a group is added to its stored row"
            : anew(aggregate, "groups");
    operators.add(new Operator(0, aggregate, maintenance, why, values));
    add(plan.delta(), 1);
  }

  private void add(Delta delta, int depth) {
    if (delta instanceof Delta.Join join && onlyPasses(join.relation())) {
      add(join.sources().getFirst(), depth);
      return;
    }
    operators.add(
        new Operator(
            depth,
            delta.relation(),
            maintenance(delta),
            why(delta),
            OperatorText.values(delta.relation())));
    delta.sources().forEach(source -> add(source, depth + 1));
  }

  /// Rows of one input with some of their columns.
  private static boolean onlyPasses(Select select) {
    return select.inputs().size() == 1
        && select.conditions().isEmpty()
        && OperatorText.values(select).isEmpty();
  }

  private static Maintenance maintenance(Delta delta) {
    return switch (delta) {
      case Delta.Changes changes -> Maintenance.CAPTURED;
      case Delta.Tick tick -> Maintenance.ALGEBRA;
      case Delta.None none -> Maintenance.CONSTANT;
      case Delta.Join join -> Maintenance.ALGEBRA;
      case Delta.Pairs pairs -> Maintenance.ALGEBRA;
      case Delta.Append append -> Maintenance.ALGEBRA;
      case Delta.Recompute recompute -> perKey(recompute.relation());
    };
  }

  private static Maintenance perKey(Keyed keyed) {
    return keyed.keys(0).isEmpty() ? Maintenance.FULL : Maintenance.AFFECTED_KEYS;
  }

  private static String why(Delta delta) {
    return switch (delta) {
      case Delta.Changes changes -> "rows that came and went, from the change log";
      case Delta.Tick tick -> "the time of the last refresh goes, that of this one comes";
      case Delta.None none -> "its rows never change";
      case Delta.Join join ->
          join.sources().size() < 2
              ? "each changed row passes through it"
              : "the changed rows of each input are joined with the others";
      case Delta.Pairs pairs -> pairs(pairs.relation());
      case Delta.Append append -> "the changes of all inputs together";
      case Delta.Recompute recompute ->
          switch (recompute.relation()) {
            case Aggregate aggregate -> anew(aggregate, "groups");
            case dev.freshet.compiler.algebra.Relation.Window window -> anew(window, "partitions");
            case dev.freshet.compiler.algebra.Relation.First first -> anew(first, "keys");
            case dev.freshet.compiler.algebra.Relation.Combine combine ->
                "values that occur in changes are counted anew on both sides";
          };
    };
  }

  private static String pairs(Match match) {
    return switch (match.kind()) {
      case LEFT, FULL -> "changed pairs; rows that found a first or lost a last match";
      case SEMI, ANTI -> "changed rows, and rows that found a first or lost a last match";
    };
  }

  private static String anew(Keyed keyed, String keys) {
    return keyed.keys(0).isEmpty()
        ? "there is one result for all rows, computed anew after any change"
        : keys + " that changes touch are computed anew";
  }
}
