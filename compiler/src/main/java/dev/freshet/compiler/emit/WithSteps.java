package dev.freshet.compiler.emit;

import dev.freshet.compiler.delta.DeltaPlan;
import java.util.Map;
import java.util.Optional;

/// The steps of a refresh as one WITH list, and what they make of the stored rows.
final class WithSteps {
  private final ViewShape shape;
  private final DeltaPlan plan;
  private final ColumnTypes types;
  private final WithList list;
  private final DeltaWriter deltas;

  /// @param logs by the SQL name of the captured table
  WithSteps(
      ViewShape shape,
      DeltaPlan plan,
      Map<String, ChangeLog> logs,
      ColumnTypes types,
      WithList list) {
    this.shape = shape;
    this.plan = plan;
    this.types = types;
    this.list = list;
    this.deltas = new DeltaWriter(logs, types, list);
    deltas.changes(plan.deltas());
    plan.deltas().forEach(deltas::stage);
  }

  /// What stands in the place of stored rows.
  Replacement replacement() {
    return switch (plan) {
      case DeltaPlan.Groups groups ->
          touched(groups).replacement(deltas.table(groups.delta()), list.changed(groups.delta()));
      case DeltaPlan.Keys keys -> keys(keys).replacement(touched(keys));
      case DeltaPlan.Rows rows ->
          rows(rows).replacement(deltas.table(rows.delta()), list.changed(rows.delta()));
    };
  }

  /// What becomes of the stored rows.
  Rewrite rewrite() {
    return switch (plan) {
      case DeltaPlan.Groups groups ->
          touched(groups).rewrite(deltas.table(groups.delta()), list.changed(groups.delta()));
      case DeltaPlan.Keys keys -> keys(keys).rewrite(touched(keys));
      case DeltaPlan.Rows rows ->
          rows(rows).rewrite(deltas.table(rows.delta()), list.changed(rows.delta()));
    };
  }

  /// The bag of rows that came to groups or went from them.
  String groupDelta() {
    return deltas.table(plan.deltas().getFirst());
  }

  private TouchedGroups touched(DeltaPlan.Groups groups) {
    return new TouchedGroups(shape, new GroupStorage(groups, types), types, list);
  }

  private KeysWriter keys(DeltaPlan.Keys keys) {
    return new KeysWriter(shape, new KeysStorage(keys), types, list);
  }

  private KeyedWriter.TouchedKeys touched(DeltaPlan.Keys keys) {
    return new KeyedWriter(deltas, types, list)
        .touch(keys.keyed(), keys.deltas(), "_s" + keys.stages(), _ -> "", Optional.empty());
  }

  private RowsWriter rows(DeltaPlan.Rows rows) {
    return new RowsWriter(shape, types.of(rows.relation()), list);
  }
}
