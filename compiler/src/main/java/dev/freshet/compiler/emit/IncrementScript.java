package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.bind.Declined;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.delta.DeltaCompiler;
import dev.freshet.compiler.delta.DeltaPlan;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Quote;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// All that must be installed so that changes of a view's tables can be applied to it.
///
/// @param committed the plan of a view that commits maintain: the same but for the clock
/// @param captured the tables whose changes must be logged
/// @param storedQuery what the storage holds, if that is more than the view shows; the view's own
///   columns come first
/// @param lookup how rows are found in the storage; empty if it has one row
/// @param shards how many rows a group can have in the storage, by who has written to it
public record IncrementScript(
    DeltaPlan plan,
    DeltaPlan committed,
    Schema schema,
    List<CapturedTable> captured,
    Optional<String> storedQuery,
    Optional<StoredLookup> lookup,
    int shards) {

  /// Prepares a plan for installation; declines what cannot be stored.
  public static IncrementScript of(DeltaPlan plan, Schema schema) {
    ColumnTypes types = new ColumnTypes(schema);
    plan.deltas().stream()
        .flatMap(Delta::all)
        .filter(Delta.Recompute.class::isInstance)
        .map(Delta.Recompute.class::cast)
        .forEach(recompute -> Determined.require(recompute.relation(), types));
    plan.deltas().stream().flatMap(Delta::all).forEach(delta -> BlindPartners.refuse(delta, types));
    return switch (plan) {
      case DeltaPlan.Groups groups -> {
        GroupStorage storage = new GroupStorage(groups, types);
        yield of(plan, schema, Optional.of(storage.query()), storage.lookup().stored());
      }
      case DeltaPlan.Keys keyed -> {
        if (keyed.keyed() instanceof First first && first.keys().isEmpty()) {
          Determined.requireTotal(first, types);
        }
        KeysStorage storage = new KeysStorage(keyed);
        Optional<String> stored =
            storage.hidesKeys() ? Optional.of(storage.query()) : Optional.empty();
        yield of(plan, schema, stored, storage.lookup(types).stored());
      }
      case DeltaPlan.Rows rows -> {
        List<ColumnType> columns = types.of(rows.relation());
        if (columns.stream().noneMatch(ColumnType::hashable)) {
          throw new Declined("no column has a type that can be hashed, so rows cannot be found");
        }
        String lookup = "(" + RowsWriter.lookup(columns, "") + ")";
        yield of(plan, schema, Optional.empty(), Optional.of(new StoredLookup(lookup, "")));
      }
    };
  }

  /// Commits have the same plan, and groups have one row, unless it is said otherwise.
  private static IncrementScript of(
      DeltaPlan plan, Schema schema, Optional<String> storedQuery, Optional<StoredLookup> lookup) {
    return new IncrementScript(plan, plan, schema, captured(plan), storedQuery, lookup, 1);
  }

  /// The same with several rows for each group; only for views to which changes can be added.
  public IncrementScript spread(int number) {
    if (number == 1) {
      return this;
    }
    Shards sharded = new Shards(addable().orElseThrow(), new ColumnTypes(schema), number);
    String key = sharded.key().stream().map(Quote::name).collect(Collectors.joining(", "));
    return new IncrementScript(
        plan,
        committed,
        schema,
        captured,
        Optional.of(sharded.query()),
        Optional.of(new StoredLookup(key, key)),
        number);
  }

  /// The same with another plan for commits.
  public IncrementScript committing(DeltaPlan other) {
    return new IncrementScript(plan, other, schema, captured, storedQuery, lookup, shards);
  }

  /// Why the rows of a group cannot be several that are added up when they are read; empty if they
  /// can.
  public Optional<String> notShardable() {
    if (timed()) {
      return Optional.of("shards cannot be added up as of one moment: it depends on the time");
    }
    return addsUp()
        ? Optional.empty()
        : Optional.of(
            plan instanceof DeltaPlan.Groups
                ? "shards cannot be added up: an aggregate or key of it may have to look at the other rows of a group"
                : "it has no groups whose shards could be added up");
  }

  private static List<CapturedTable> captured(DeltaPlan plan) {
    Map<QualifiedName, Set<String>> columns = new LinkedHashMap<>();
    for (Scan scan : DeltaCompiler.scans(plan)) {
      Set<String> used = columns.computeIfAbsent(scan.captured(), _ -> new LinkedHashSet<>());
      scan.columns().stream().map(Column::name).forEach(used::add);
      scan.shown().ifPresent(used::add);
    }
    return columns.entrySet().stream()
        .map(entry -> new CapturedTable(entry.getKey(), List.copyOf(entry.getValue())))
        .toList();
  }

  /// Why a statement cannot apply its changes at once; empty if it can. Its own rows are all that
  /// it knows: where it would have to look at others, some of them may be those of a later trigger.
  public Optional<String> notEager() {
    if (!(plan instanceof DeltaPlan.Groups groups) || !readsOneTable(groups.aggregate().input())) {
      return Optional.of("it is no grouping of one table");
    }
    if ("freshet_data".equals(captured.getFirst().relation().schema())) {
      return Optional.of(
          "it reads a managed view, whose changes may come when transactions commit");
    }
    return addsUp()
        ? Optional.empty()
        : Optional.of("an aggregate or key of it may have to look at the other rows of a group");
  }

  private static boolean readsOneTable(Relation relation) {
    return relation instanceof Scan
        || (relation instanceof Relation.Select select
            && select.inputs().size() == 1
            && select.inputs().getFirst().relation() instanceof Scan);
  }

  /// What replaces the capture of a log, so that each statement applies its changes at once.
  public String eager(ViewShape shape, ChangeLog log) {
    GroupLayout layout = addable().map(this::layout).orElseThrow();
    return new EagerWriter(shape, layout, log, new ColumnTypes(schema)).script();
  }

  /// Whether a key by which rows are found may be NULL.
  public boolean nullableKeys() {
    return plan instanceof DeltaPlan.Groups groups
        && groups.aggregate().keys().stream().anyMatch(groups.aggregate().input()::mayBeNull);
  }

  /// Whether the view changes as time passes.
  public boolean timed() {
    return plan.timed();
  }

  /// Whether what a change of one table does depends on the other tables only.
  public boolean linear() {
    return plan.linear();
  }

  /// The columns of the storage, where it holds more than the view shows.
  public List<ColumnType> storedColumns() {
    return storedQuery.map(schema::describe).orElse(List.of());
  }

  /// The function that applies changes, and the staging tables that it needs.
  ///
  /// @param logs of the captured tables
  /// @param uniqueGroups whether the storage has a unique index of the groups
  public String sql(ViewShape shape, List<ChangeLog> logs, boolean uniqueGroups) {
    if (logs.stream().noneMatch(ChangeLog::immediate)) {
      return IncrementWriter.script(shape, plan, byTable(logs), schema);
    }
    Optional<GroupUpsert> addition =
        addable()
            .filter(storage -> uniqueGroups || storage.aggregate.keys().isEmpty())
            .map(storage -> new GroupUpsert(shape, layout(storage)));
    return new ApplyWriter(shape, byTable(logs), schema, addition).script(committed)
        + sharded().map(some -> new ShardsWriter(shape, some).script()).orElse("");
  }

  /// What a view with shards computes when it is read; empty without.
  public Optional<ComputedOnRead> computedOnRead() {
    return sharded().map(Shards::computedOnRead);
  }

  private GroupLayout layout(GroupStorage storage) {
    return sharded()
        .<GroupLayout>map(GroupLayout.Sharded::new)
        .orElse(new GroupLayout.OneRow(storage));
  }

  private Optional<Shards> sharded() {
    return addable()
        .filter(_ -> shards > 1)
        .map(storage -> new Shards(storage, new ColumnTypes(schema), shards));
  }

  /// Whether changes are added to stored groups, unless they are such that a group must be computed
  /// anew.
  public boolean addsToGroups() {
    return plan instanceof DeltaPlan.Groups groups
        && !new GroupStorage(groups, new ColumnTypes(schema)).isRecomputed();
  }

  /// Whether changes can be added to the groups of the view, if these are unique.
  public boolean addsUp() {
    return addable().isPresent();
  }

  private Optional<GroupStorage> addable() {
    ColumnTypes types = new ColumnTypes(schema);
    return plan instanceof DeltaPlan.Groups groups
        ? Optional.of(new GroupStorage(groups, types)).filter(storage -> storage.isAddable(types))
        : Optional.empty();
  }

  /// The function that tells which changes wait; empty if none ever do.
  public Optional<String> currentSql(ViewShape shape, List<ChangeLog> logs) {
    return logs.stream().anyMatch(ChangeLog::immediate)
        ? Optional.empty()
        : Optional.of(CurrentWriter.script(shape, plan, byTable(logs), schema));
  }

  private static Map<String, ChangeLog> byTable(List<ChangeLog> logs) {
    return logs.stream().collect(Collectors.toMap(log -> log.relation().sql(), log -> log));
  }
}
