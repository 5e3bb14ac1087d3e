package dev.freshet.compiler.delta;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Select;

/// How a view is brought up to date.
public sealed interface DeltaPlan {
  /// What the view computes.
  Relation relation();

  /// The delta that the plan applies.
  Delta delta();

  /// The number of staging tables of the deltas.
  int stages();

  /// The rows of the delta are deleted from and inserted into the storage.
  record Rows(Relation relation, Delta delta, int stages) implements DeltaPlan {}

  /// The storage has one row for each group and keeps what its aggregates need.
  ///
  /// @param relation a projection and filter of the groups
  /// @param delta of the rows that are grouped
  record Groups(Select relation, Aggregate aggregate, Delta delta, int stages)
      implements DeltaPlan {}
}
