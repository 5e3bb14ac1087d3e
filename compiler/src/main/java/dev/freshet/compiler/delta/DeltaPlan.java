package dev.freshet.compiler.delta;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Keyed;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.sql.QualifiedName;
import java.util.List;

/// How a view is brought up to date.
public sealed interface DeltaPlan {
  /// What the view computes.
  Relation relation();

  /// The deltas that the plan applies.
  List<Delta> deltas();

  /// The number of staging tables of the deltas.
  int stages();

  /// The same plan where no table has changed but this one.
  default DeltaPlan only(QualifiedName table) {
    return new OneTable(table).plan(this);
  }

  /// Whether the view changes as time passes.
  default boolean timed() {
    return deltas().stream().flatMap(Delta::all).anyMatch(Delta.Tick.class::isInstance);
  }

  /// Whether each table occurs once, and what its changes do to the deltas above does not depend on
  /// its other rows. So two transactions that change the same table meet in the view alone.
  default boolean linear() {
    List<QualifiedName> tables =
        deltas().stream()
            .flatMap(Delta::all)
            .filter(Delta.Changes.class::isInstance)
            .map(delta -> ((Delta.Changes) delta).scan().captured())
            .toList();
    return deltas().stream().flatMap(Delta::all).allMatch(DeltaPlan::isLinear)
        && tables.stream().distinct().count() == tables.size();
  }

  private static boolean isLinear(Delta delta) {
    return switch (delta) {
      case Delta.Changes changes -> true;
      case Delta.Tick tick -> false; // time must not run backwards from one transaction to the next
      case Delta.None none -> true;
      case Delta.Join join -> true;
      case Delta.Append append -> true;
      case Delta.Pairs pairs -> false;
      case Delta.Recompute recompute -> false;
    };
  }

  /// The rows of the delta are deleted from and inserted into the storage.
  record Rows(Relation relation, Delta delta, int stages) implements DeltaPlan {
    @Override
    public List<Delta> deltas() {
      return List.of(delta);
    }
  }

  /// The storage has one row for each group and keeps what its aggregates need.
  ///
  /// @param relation a projection and filter of the groups
  /// @param delta of the rows that are grouped
  record Groups(Select relation, Aggregate aggregate, Delta delta, int stages)
      implements DeltaPlan {
    @Override
    public List<Delta> deltas() {
      return List.of(delta);
    }
  }

  /// The stored rows of each key that changes touch are compared with what the query now says of
  /// that key.
  ///
  /// @param relation a projection and filter of what is computed by key
  /// @param deltas of the inputs of the keyed relation
  record Keys(Select relation, Keyed keyed, List<Delta> deltas, int stages) implements DeltaPlan {}
}
