package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.delta.DeltaCompiler;
import dev.freshet.compiler.delta.DeltaPlan;
import dev.freshet.compiler.sql.Quote;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the functions that apply what a transaction has changed to a view when it commits: the
/// steps of a refresh as one statement. For few changes its plan is kept, since planning takes
/// longer than running it. Most transactions change one table, so for each of several there is a
/// function that knows of no other changes.
///
/// Where transactions need not wait for one another but in the groups that they touch, another
/// statement before locks these: what follows sees what they were left as. Groups to which changes
/// can be added need no such lock.
final class ApplyWriter {
  private static final List<SessionSetting> PLANNING =
      List.of(
          new SessionSetting("random_page_cost", "1.1"),
          new SessionSetting("join_collapse_limit", "12"),
          new SessionSetting("from_collapse_limit", "12"));

  private static final List<SessionSetting> SETTINGS =
      Stream.concat(
              Stream.of(
                  new SessionSetting("jit", "off"),
                  new SessionSetting("plan_cache_mode", "force_generic_plan")),
              PLANNING.stream())
          .toList();

  /// A variable that is NULL makes the planner expect few changes.
  private static final String FEW = "freshet$unlimited";

  private static final String MANY = "NULL";

  private final ViewShape shape;
  private final Map<String, ChangeLog> logs;
  private final ColumnTypes types;
  private final Optional<GroupUpsert> addition;

  /// @param logs by the SQL name of the captured table
  /// @param addition how changes are added to groups; empty if they must be locked
  ApplyWriter(
      ViewShape shape, Map<String, ChangeLog> logs, Schema schema, Optional<GroupUpsert> addition) {
    this.shape = shape;
    this.logs = logs;
    this.types = new ColumnTypes(schema);
    this.addition = addition;
  }

  /// The functions, as a script.
  String script(DeltaPlan plan) {
    String any = function("_apply", "applies what this transaction has changed", plan);
    return logs.size() == 1
        ? any
        : logs.values().stream()
            .map(log ->
                function(
                    "_apply" + log.id(),
                    "applies what this transaction has changed in table " + log.relation(),
                    plan.only(log.relation())))
            .collect(Collectors.joining("", any, ""));
  }

  /// Not indented: names and constants can have line breaks.
  private String function(String suffix, String comment, DeltaPlan plan) {
    String text = addition.map(upsert -> added(plan, upsert)).orElseGet(() -> rewritten(plan));
    boolean free = isSettingFree(plan);
    return (free ? FunctionText.settingFree(shape, true) : new FunctionText(shape))
        .of(
            suffix,
            "(few boolean) RETURNS void",
            comment,
            """
            #variable_conflict use_column
            DECLARE
              freshet$unlimited constant bigint := NULL;
              freshet$broken boolean;
              freshet$emptied tid[];
            BEGIN
            %s
            END
            """
                .formatted((plan.timed() ? timed(text) : text).stripTrailing()),
            free ? planning(plan) : SETTINGS);
  }

  private boolean isSettingFree(DeltaPlan plan) {
    return addition.isPresent()
        && plan instanceof DeltaPlan.Groups groups
        && new SettingFree(types).holds(groups);
  }

  /// Who calls has JIT off and generic plans. A plan of one table is always the same.
  private static List<SessionSetting> planning(DeltaPlan plan) {
    return DeltaCompiler.scans(plan).size() == 1 ? List.of() : PLANNING;
  }

  private String timed(String text) {
    return """
    PERFORM freshet.set_moment(%1$d);
    %2$sPERFORM freshet.note_moment(%1$d);
    """
        .formatted(shape.storage().viewId(), text);
  }

  /// The log tells by the transaction of its rows.
  private Staging.Mark mark() {
    return new Staging.Mark(
        "", "", "freshet.latest_moment(%d)".formatted(shape.storage().viewId()));
  }

  private String rewritten(DeltaPlan plan) {
    Steps few = steps(plan, FEW);
    Steps many = steps(plan, MANY);
    Rewrite rewrite = few.steps().rewrite();
    String statement = statement(many.list(), many.steps().rewrite());
    return """
    IF $1 THEN
      %s%s INTO freshet$broken;
    ELSE
      %sEXECUTE %s INTO freshet$broken;
    END IF;
    %s\
    """
        .formatted(
            few.lock("PERFORM ", call -> call),
            statement(few.list(), rewrite),
            many.lock("EXECUTE ", call -> Statements.quoted("SELECT " + call)),
            Statements.quoted(statement),
            refuse(rewrite.problem()));
  }

  /// Called with NULL for what cannot be added, such as NaN. That makes the whole view wait for
  /// this transaction: to add would wait for a group only, and groups that are computed anew are
  /// other rows. Where a group has several, the whole view is compared.
  private String added(DeltaPlan plan, GroupUpsert upsert) {
    Steps few = steps(plan, FEW, streams(plan));
    Steps many = steps(plan, MANY, streams(plan));
    return """
    IF $1 THEN
      %1$s INTO freshet$emptied, freshet$broken;
    ELSIF NOT $1 THEN
      EXECUTE %2$s INTO freshet$emptied, freshet$broken;
    ELSE
      LOCK TABLE %4$s IN SHARE ROW EXCLUSIVE MODE;
      %5$s
    END IF;
    %3$s%6$s\
    """
        .formatted(
            few.add(upsert),
            Statements.quoted(many.add(upsert)),
            upsert.remove("freshet$emptied"),
            shape.storageTable(),
            upsert.isSharded()
                ? "PERFORM %s(false);".formatted(shape.object("_diff"))
                : anew(steps(plan, MANY)),
            refuse(TouchedGroups.BROKEN));
  }

  /// Whether rows can be added up as they are read: they come from one place and go one way. Not to
  /// a join, whose partners would be read for rows of which only other columns have changed.
  private boolean streams(DeltaPlan plan) {
    List<Delta> deltas = plan.deltas().stream().flatMap(Delta::all).distinct().toList();
    return plan instanceof DeltaPlan.Groups groups
        && new SettingFree(types).sumsAlone(groups)
        && plan.linear()
        && deltas.stream().filter(Delta.Changes.class::isInstance).count() == 1
        && deltas.stream()
            .noneMatch(d -> d instanceof Delta.Join join && join.relation().inputs().size() > 1);
  }

  private String anew(Steps alone) {
    String statement = statement(alone.list(), alone.steps().rewrite());
    return "EXECUTE %s INTO freshet$broken;".formatted(Statements.quoted(statement));
  }

  private static String refuse(String problem) {
    return """
    IF freshet$broken THEN
      RAISE EXCEPTION %s;
    END IF;
    """
        .formatted(Quote.literal(problem));
  }

  /// The steps of a plan, as a WITH list.
  private record Steps(ViewShape shape, DeltaPlan plan, WithList list, WithSteps steps) {
    String add(GroupUpsert upsert) {
      String delta = steps.groupDelta();
      String outputs = GroupUpsert.EMPTIED + ", " + GroupUpsert.BROKEN;
      return upsert.query(list.sql() + ",\n", delta, outputs);
    }

    String lock(String verb, UnaryOperator<String> text) {
      String call =
          "freshet.lock_groups(%d, ARRAY(%s))".formatted(shape.storage().viewId(), list.groups());
      return plan.linear() ? verb + text.apply(call) + ";\n  " : "";
    }
  }

  private Steps steps(DeltaPlan plan, String unlimited) {
    return steps(plan, unlimited, false);
  }

  private Steps steps(DeltaPlan plan, String unlimited, boolean streams) {
    WithList list = new WithList(shape.storage().viewId(), mark(), unlimited, streams);
    return new Steps(shape, plan, list, new WithSteps(shape, plan, logs, types, list));
  }

  /// Rows leave before others come, since these may have their keys.
  private String statement(WithList list, Rewrite rewrite) {
    String table = shape.storageTable();
    String stay =
        rewrite.staying().isEmpty()
            ? ""
            : ",\nfreshet$staying AS (UPDATE %s t SET %s)".formatted(table, rewrite.staying());
    return """
    WITH %2$s,
    freshet$leaving AS (DELETE FROM %1$s t WHERE t.ctid = ANY (ARRAY(%3$s)) RETURNING 1)%4$s,
    freshet$coming AS (INSERT INTO %1$s (%5$s)
      SELECT c.* FROM (%6$s) c WHERE (SELECT count(*) FROM freshet$leaving) IS NOT NULL)
    SELECT %7$s\
    """
        .formatted(
            table,
            list.sql(),
            rewrite.leaving(),
            stay,
            rewrite.columns(),
            rewrite.coming(),
            rewrite.broken());
  }
}
