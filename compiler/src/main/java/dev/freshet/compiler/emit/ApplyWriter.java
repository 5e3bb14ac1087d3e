package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.delta.DeltaPlan;
import dev.freshet.compiler.sql.Quote;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Writes the function that applies what a transaction has changed to a view when it commits: the
/// steps of a refresh as one statement. For few changes its plan is kept, since planning takes
/// longer than running it.
///
/// Where transactions need not wait for one another but in the groups that they touch, another
/// statement before locks these: what follows sees what they were left as. Groups to which changes
/// can be added need no such lock.
final class ApplyWriter {
  private static final List<SessionSetting> SETTINGS =
      List.of(
          new SessionSetting("jit", "off"),
          new SessionSetting("random_page_cost", "1.1"),
          new SessionSetting("plan_cache_mode", "force_generic_plan"),
          new SessionSetting("join_collapse_limit", "12"),
          new SessionSetting("from_collapse_limit", "12"));

  /// A variable that is NULL makes the planner expect few changes.
  private static final String FEW = "freshet$unlimited";

  private static final String MANY = "NULL";

  /// The log tells by the transaction of its rows.
  private static final Staging.Mark NO_MARK = new Staging.Mark("", "", "");

  private final ViewShape shape;
  private final DeltaPlan plan;
  private final WithList list;
  private final WithSteps steps;

  private ApplyWriter(
      ViewShape shape,
      DeltaPlan plan,
      Map<String, ChangeLog> logs,
      Schema schema,
      String unlimited) {
    this.shape = shape;
    this.plan = plan;
    this.list = new WithList(shape.storage().viewId(), NO_MARK, unlimited);
    this.steps = new WithSteps(shape, plan, logs, new ColumnTypes(schema), list);
  }

  /// The function, as a script.
  ///
  /// @param addition how changes are added to groups; empty if they must be locked
  static String script(
      ViewShape shape,
      DeltaPlan plan,
      Map<String, ChangeLog> logs,
      Schema schema,
      Optional<GroupUpsert> addition) {
    Function<String, ApplyWriter> writer =
        unlimited -> new ApplyWriter(shape, plan, logs, schema, unlimited);
    return new FunctionText(shape)
        .of(
            "_apply",
            "(few boolean) RETURNS void",
            "applies what this transaction has changed",
            """
            #variable_conflict use_column
            DECLARE
              freshet$unlimited constant bigint := NULL;
              freshet$broken boolean;
              freshet$emptied tid[];
            BEGIN
            %sEND
            """
                .formatted(
                    addition
                        .map(upsert -> added(writer, upsert))
                        .orElseGet(() -> rewritten(writer))
                        .indent(2)),
            SETTINGS);
  }

  private static String rewritten(Function<String, ApplyWriter> writer) {
    ApplyWriter few = writer.apply(FEW);
    ApplyWriter many = writer.apply(MANY);
    Rewrite rewrite = few.steps.rewrite();
    String statement = many.statement(many.steps.rewrite());
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
            few.statement(rewrite),
            many.lock("EXECUTE ", call -> Statements.quoted("SELECT " + call)),
            Statements.quoted(statement),
            refuse(rewrite.problem()));
  }

  private static String refuse(String problem) {
    return """
    IF freshet$broken THEN
      RAISE EXCEPTION %s;
    END IF;
    """
        .formatted(Quote.literal(problem));
  }

  /// What cannot be added, such as NaN, makes the whole view wait for this transaction: to add
  /// would wait for a group only, and groups that are computed anew are other rows.
  private static String added(Function<String, ApplyWriter> writer, GroupUpsert upsert) {
    ApplyWriter few = writer.apply(FEW);
    ApplyWriter many = writer.apply(MANY);
    ApplyWriter alone = writer.apply(MANY);
    Rewrite rewrite = alone.steps.rewrite();
    return """
    BEGIN
      IF $1 THEN
        %1$s INTO freshet$emptied, freshet$broken;
      ELSE
        EXECUTE %2$s INTO freshet$emptied, freshet$broken;
      END IF;
    %3$sEXCEPTION WHEN numeric_value_out_of_range THEN
      LOCK TABLE %4$s IN SHARE ROW EXCLUSIVE MODE;
      EXECUTE %5$s INTO freshet$broken;
    END;
    %6$s\
    """
        .formatted(
            few.added(upsert),
            Statements.quoted(many.added(upsert)),
            upsert.remove("freshet$emptied").indent(2),
            alone.shape.storageTable(),
            Statements.quoted(alone.statement(rewrite)),
            refuse(rewrite.problem()));
  }

  private String added(GroupUpsert upsert) {
    String delta = steps.groupDelta();
    return upsert.query(list.sql() + ",\n", delta, upsert.emptied() + ", " + GroupUpsert.BROKEN);
  }

  private String lock(String verb, UnaryOperator<String> text) {
    String call =
        "freshet.lock_groups(%d, ARRAY(%s))".formatted(shape.storage().viewId(), list.groups());
    return plan.linear() ? verb + text.apply(call) + ";\n  " : "";
  }

  /// Rows leave before others come, since these may have their keys.
  private String statement(Rewrite rewrite) {
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
