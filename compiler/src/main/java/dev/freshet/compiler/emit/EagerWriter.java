package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.stream.Collectors;

/// Writes the functions that add what a statement changes to the groups of a view over one table,
/// as soon as it ends.
///
/// What cannot be added leaves a mark in the log, which is looked at when the transaction commits.
final class EagerWriter {
  private static final String M = Staging.M;

  private final ViewShape shape;
  private final GroupUpsert upsert;
  private final ChangeLog log;
  private final Relation input;
  private final boolean settingFree;

  EagerWriter(ViewShape shape, GroupLayout layout, ChangeLog log, ColumnTypes types) {
    this.shape = shape;
    this.upsert = new GroupUpsert(shape, layout);
    this.log = log;
    this.input = layout.groups().aggregate.input();
    this.settingFree = new SettingFree(types).holds(layout.groups().plan);
  }

  /// The functions that take the place of those that capture rows; TRUNCATE stays captured.
  String script() {
    String came = rows("1", "new_rows");
    String went = rows("-1", "old_rows");
    return function("insert", came, true)
        + function("update", went + " UNION ALL " + came, false)
        + function("delete", went, false);
  }

  /// Rows of a transition table with the columns that the view reads.
  private String rows(String multiplicity, String table) {
    return "SELECT %s::bigint AS %s%s FROM %s r WHERE freshet.require_facts(%s, %s)"
        .formatted(
            multiplicity,
            M,
            scan(input).columns().stream()
                .map(column -> ", r." + Quote.name(column.name()))
                .collect(Collectors.joining()),
            table,
            log.id(),
            CommitLogWriter.rowMark(log));
  }

  private static Scan scan(Relation relation) {
    return relation instanceof Select select
        ? scan(select.inputs().getFirst().relation())
        : (Scan) relation;
  }

  /// The lock is taken by an expression, which costs less than a query.
  ///
  /// @param growing rows come, and none goes
  private String function(String event, String changed, boolean growing) {
    QualifiedName table = QualifiedName.parse(log.table());
    return (settingFree ? FunctionText.settingFree(shape, false) : new FunctionText(shape))
        .trigger(
            new QualifiedName(table.schema(), table.name() + "_" + event),
            "applies what a statement changes in table " + log.relation(),
            """
            DECLARE
              freshet$locked boolean;
              freshet$emptied tid[];
            BEGIN
              freshet$locked := pg_advisory_xact_lock_shared(freshet.commit_lock_class(), %1$s) IS NOT NULL;
              %2$s
              RETURN NULL;
            EXCEPTION
              WHEN serialization_failure OR deadlock_detected THEN
                RAISE;
              WHEN OTHERS THEN
                INSERT INTO %3$s (multiplicity, mark) VALUES (0, %4$s);
                RETURN NULL;
            END
            """
                .formatted(
                    log.id(),
                    add("(" + delta(changed) + ")", growing).strip(),
                    log.table(),
                    CommitLogWriter.FAILURE));
  }

  private String add(String delta, boolean growing) {
    return upsert.canEmpty(growing)
        ? upsert.query("", delta, GroupUpsert.EMPTIED)
            + " INTO freshet$emptied;\n"
            + upsert.remove("freshet$emptied")
        : upsert.statement(delta) + ";";
  }

  private String delta(String changed) {
    if (!(input instanceof Select select)) {
      return changed;
    }
    String alias = Quote.name(select.inputs().getFirst().alias());
    String outputs = RelationSql.outputs(select.outputs());
    return "SELECT %1$s.%2$s%3$s FROM (%4$s) AS %1$s%5$s"
        .formatted(
            alias,
            M,
            outputs.isEmpty() ? "" : ", " + outputs,
            changed,
            RelationSql.where(select.conditions().stream().map(SqlPrinter::print)));
  }
}
