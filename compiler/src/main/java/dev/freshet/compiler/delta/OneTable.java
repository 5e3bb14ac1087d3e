package dev.freshet.compiler.delta;

import dev.freshet.compiler.sql.QualifiedName;
import java.util.List;

/// What remains of a plan where no table has changed but one.
final class OneTable {
  private final QualifiedName table;

  OneTable(QualifiedName table) {
    this.table = table;
  }

  DeltaPlan plan(DeltaPlan plan) {
    return switch (plan) {
      case DeltaPlan.Rows(var relation, Delta delta, int stages) ->
          new DeltaPlan.Rows(relation, delta(delta), stages);
      case DeltaPlan.Groups(var relation, var aggregate, Delta delta, int stages) ->
          new DeltaPlan.Groups(relation, aggregate, delta(delta), stages);
      case DeltaPlan.Keys(var relation, var keyed, List<Delta> deltas, int stages) ->
          new DeltaPlan.Keys(relation, keyed, deltas(deltas), stages);
    };
  }

  private Delta delta(Delta delta) {
    List<Delta> sources = deltas(delta.sources());
    if (!sources.isEmpty() && sources.stream().allMatch(Delta.None.class::isInstance)) {
      return new Delta.None(delta.relation());
    }
    return switch (delta) {
      case Delta.Changes changes when changes.scan().captured().equals(table) -> changes;
      case Delta.Changes changes -> new Delta.None(changes.relation());
      case Delta.Tick tick -> tick;
      case Delta.None none -> none;
      case Delta.Join(int number, var join, var _) -> new Delta.Join(number, join, sources);
      case Delta.Pairs(int number, var match, var _) -> new Delta.Pairs(number, match, sources);
      case Delta.Append(int number, var union, var _) -> new Delta.Append(number, union, sources);
      case Delta.Recompute(int number, var keyed, var _) ->
          new Delta.Recompute(number, keyed, sources);
    };
  }

  private List<Delta> deltas(List<Delta> deltas) {
    return deltas.stream().map(this::delta).toList();
  }
}
