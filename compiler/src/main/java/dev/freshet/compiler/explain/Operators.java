package dev.freshet.compiler.explain;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.delta.DeltaPlan;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.explain.Operator.Maintenance;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.List;

/// Tells for each operator of a view how it follows changes, outermost first.
public final class Operators {
  private static final String PASSES = "each changed row passes through it";

  private final List<Operator> operators = new ArrayList<>();

  private Operators() {}

  public static List<Operator> of(IncrementScript script) {
    Operators found = new Operators();
    switch (script.plan()) {
      case DeltaPlan.Groups groups ->
          found.groups(groups, KeptState.of(script, groups.aggregate()));
      case DeltaPlan.Keys keys -> found.keys(keys);
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
        added ? "what changes add up to in a group is added to its stored row" : anew(aggregate);
    operators.add(new Operator(0, aggregate, maintenance, why, values));
    add(plan.delta(), 1);
  }

  private void keys(DeltaPlan.Keys plan) {
    int depth = onlyPasses(plan.relation()) ? 0 : 1;
    if (depth > 0) {
      add(plan.relation(), 0, Maintenance.ALGEBRA, PASSES);
    }
    Keyed keyed = plan.keyed();
    add(keyed, depth, perKey(keyed), anew(keyed) + ", and compared with the stored rows");
    plan.deltas().forEach(delta -> add(delta, depth + 1));
  }

  private void add(Relation relation, int depth, Maintenance maintenance, String why) {
    operators.add(new Operator(depth, relation, maintenance, why, OperatorText.values(relation)));
  }

  private void add(Delta delta, int depth) {
    if (delta instanceof Delta.Join join && onlyPasses(join.relation())) {
      add(join.sources().getFirst(), depth);
      return;
    }
    if (delta instanceof Delta.Changes changes && changes.relation() instanceof Select select) {
      captured(changes, select, depth);
      return;
    }
    add(delta.relation(), depth, maintenance(delta), why(delta));
    delta.sources().forEach(source -> add(source, depth + 1));
  }

  private void captured(Delta.Changes changes, Select select, int depth) {
    boolean passes = onlyPasses(select);
    if (!passes) {
      add(select, depth, Maintenance.ALGEBRA, PASSES);
    }
    add(changes.scan(), passes ? depth : depth + 1, maintenance(changes), why(changes));
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
    return keyed.keys(0).isEmpty() && !(keyed instanceof Relation.First)
        ? Maintenance.FULL
        : Maintenance.AFFECTED_KEYS;
  }

  private static String why(Delta delta) {
    return switch (delta) {
      case Delta.Changes changes -> "rows that came and went, from the change log";
      case Delta.Tick tick -> "the time of the last refresh goes, that of this one comes";
      case Delta.None none -> "its rows never change";
      case Delta.Join join -> join.sources().size() < 2 ? PASSES : joined(join.relation());
      case Delta.Pairs pairs -> pairs(pairs.relation());
      case Delta.Append append -> "the changes of all inputs together";
      case Delta.Recompute recompute -> anew(recompute.relation()) + below(recompute);
    };
  }

  /// No keys of a single result tell which groups below it are needed.
  private static String below(Delta.Recompute recompute) {
    boolean single = recompute.relation().keys(0).isEmpty();
    return single && recompute.sources().stream().anyMatch(Operators::computesGroups)
        ? "; expensive: so are all groups below it, unless they are stored as a managed view of their own"
        : "";
  }

  private static boolean computesGroups(Delta delta) {
    return (delta instanceof Delta.Recompute recompute && !recompute.relation().keys(0).isEmpty())
        || delta.sources().stream().anyMatch(Operators::computesGroups);
  }

  private static String joined(Select join) {
    return "the changed rows of each input are joined with the others"
        + expense(join, join.conditions());
  }

  private static String expense(Relation join, List<Expression> conditions) {
    return Expense.unequal(join, conditions)
        .map(input ->
            "; expensive: no equality with %s, so each is compared with all its rows"
                .formatted(Quote.name(input.alias())))
        .orElse("");
  }

  private static String pairs(Match match) {
    String how =
        switch (match.kind()) {
          case LEFT, FULL -> "changed pairs; rows that found a first or lost a last match";
          case SEMI, ANTI, MARK -> "changed rows, and rows that found a first or lost a last match";
        };
    return how + expense(match, match.conditions());
  }

  private static String anew(Keyed keyed) {
    if (keyed instanceof Relation.First first && first.keys().isEmpty()) {
      return "these rows are looked up anew after any change, fast with an index in this order";
    }
    return keyed.keys(0).isEmpty()
        ? "there is one result for all rows, computed anew after any change"
        : keys(keyed) + " that changes touch are computed anew";
  }

  private static String keys(Keyed keyed) {
    return switch (keyed) {
      case Aggregate aggregate -> "groups";
      case Relation.Window window -> "partitions";
      case Relation.First first -> "keys";
      case Relation.Combine combine -> "values";
    };
  }
}
