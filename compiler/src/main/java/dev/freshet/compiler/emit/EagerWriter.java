package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the functions that add what a statement changes to the groups of a view over one table,
/// as soon as it ends.
///
/// The only lock is that on the rows of the touched groups, taken in the order of their keys. A
/// group that two transactions create at once is one row, since its key is unique. What cannot be
/// added leaves a mark in the log, which is looked at when the transaction commits.
final class EagerWriter {
  private static final String M = Staging.M;

  private final ViewShape shape;
  private final GroupStorage storage;
  private final ChangeLog log;
  private final Relation input;

  EagerWriter(ViewShape shape, GroupStorage storage, ChangeLog log) {
    this.shape = shape;
    this.storage = storage;
    this.log = log;
    this.input = storage.aggregate.input();
  }

  /// The functions that take the place of those that capture rows; TRUNCATE stays captured.
  String script() {
    String came = rows("1", "new_rows");
    String went = rows("-1", "old_rows");
    return function("insert", came, false)
        + function("update", went + " UNION ALL " + came, true)
        + function("delete", went, true);
  }

  /// Rows of a transition table with the columns that the view reads.
  private String rows(String multiplicity, String table) {
    return "SELECT %s::bigint AS %s%s FROM %s r"
        .formatted(
            multiplicity,
            M,
            scan(input).columns().stream()
                .map(column -> ", r." + Quote.name(column.name()))
                .collect(Collectors.joining()),
            table);
  }

  private static Scan scan(Relation relation) {
    return relation instanceof Select select
        ? scan(select.inputs().getFirst().relation())
        : (Scan) relation;
  }

  private String function(String event, String changed, boolean removes) {
    QualifiedName table = QualifiedName.parse(log.table());
    return new FunctionText(shape)
        .trigger(
            new QualifiedName(table.schema(), table.name() + "_" + event),
            "applies what a statement changes in table " + log.relation(),
            """
            DECLARE
              emptied boolean;
            BEGIN
              PERFORM pg_advisory_xact_lock_shared(freshet.commit_lock_class(), %1$s);
              %2$s
              RETURN NULL;
            EXCEPTION
              WHEN serialization_failure OR deadlock_detected THEN
                RAISE;
              WHEN OTHERS THEN
                INSERT INTO %3$s (multiplicity, mark) VALUES (0, 'failed: ' || SQLERRM);
                RETURN NULL;
            END
            """
                .formatted(
                    number(table),
                    storage.aggregate.keys().isEmpty() ? total(changed) : upsert(changed, removes),
                    log.table()));
  }

  /// The number of the log, which its name ends with.
  private static String number(QualifiedName table) {
    return table.name().substring(table.name().lastIndexOf("_changes") + "_changes".length());
  }

  /// What the changed rows add up to in each group.
  private String sums(String changed) {
    String keys = names("i.");
    String parts =
        storage.parts().stream()
            .map(part -> ", freshet.addable(%s) AS %s".formatted(part.delta(), part.name()))
            .collect(Collectors.joining());
    return "SELECT %ssum(i.%s)::bigint AS %s%s FROM (%s) i%s"
        .formatted(
            keys.isEmpty() ? "" : keys + ", ",
            M,
            GroupStorage.COUNT,
            parts,
            delta(changed),
            RelationSql.groupBy(storage.aggregate.keys()));
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

  private String upsert(String changed, boolean removes) {
    Map<String, String> columns = storage.fromState();
    String insert =
        """
        WITH written AS (
            INSERT INTO %1$s AS s (%2$s)
            SELECT %3$s FROM (SELECT %4$s FROM (%5$s) d LEFT JOIN %1$s s ON false WHERE %6$s) g
            ORDER BY %7$s
            ON CONFLICT (%8$s) DO UPDATE SET %9$s
            RETURNING s.%10$s
          )
          SELECT bool_or(w.%10$s = 0) INTO emptied FROM written w;\
        """
            .formatted(
                shape.storageTable(),
                columns.keySet().stream().map(Quote::name).collect(Collectors.joining(", ")),
                String.join(", ", columns.values()),
                state("d."),
                sums(changed),
                somethingChanged(),
                names("g."),
                storedKeys(""),
                set(columns),
                GroupStorage.COUNT);
    return removes ? insert + "\n  " + delete(changed) : insert;
  }

  private String delete(String changed) {
    String match =
        storage.aggregate.keys().stream()
            .map(key ->
                "(s.%1$s = d.%2$s OR s.%1$s IS NULL AND d.%2$s IS NULL)"
                    .formatted(Quote.name(storage.storedKey(key)), Quote.name(key)))
            .collect(Collectors.joining(" AND "));
    return """
    IF emptied THEN
        DELETE FROM %1$s s USING (SELECT DISTINCT %2$s FROM (%3$s) i) d WHERE s.%4$s = 0 AND %5$s;
      END IF;\
    """
        .formatted(shape.storageTable(), names("i."), delta(changed), GroupStorage.COUNT, match);
  }

  /// A view without GROUP BY has one row, which is there from the start.
  private String total(String changed) {
    return "UPDATE %s s SET %s FROM (%s) excluded WHERE %s;"
        .formatted(
            shape.storageTable(),
            set(storage.fromState()),
            sums(changed),
            somethingChanged().replace("d.freshet$", "excluded.freshet$"));
  }

  /// The columns of a stored group `s` to which `excluded` is added.
  private String set(Map<String, String> columns) {
    Set<String> keys =
        storage.aggregate.keys().stream().map(storage::storedKey).collect(Collectors.toSet());
    Map<String, String> changing = new LinkedHashMap<>(columns);
    changing.keySet().removeAll(keys);
    return "(%s) = (SELECT %s FROM (SELECT %s) g)"
        .formatted(
            changing.keySet().stream().map(Quote::name).collect(Collectors.joining(", ")),
            String.join(", ", changing.values()),
            state("s.").replace("d.freshet$", "excluded.freshet$"));
  }

  /// The columns of the group `g`, from what is stored in `s` and what `d` adds.
  ///
  /// @param from what has the keys
  private String state(String from) {
    Stream<String> keys =
        storage.aggregate.keys().stream()
            .map(key ->
                from
                    + Quote.name(from.equals("s.") ? storage.storedKey(key) : key)
                    + " AS "
                    + Quote.name(key));
    Stream<String> count =
        Stream.of("coalesce(s.%1$s, 0) + d.%1$s AS %1$s".formatted(GroupStorage.COUNT));
    Stream<String> parts = storage.parts().stream().map(part -> part.next() + " AS " + part.name());
    return Stream.of(keys, count, parts).flatMap(s -> s).collect(Collectors.joining(", "));
  }

  private String somethingChanged() {
    return Stream.concat(
            Stream.of(GroupStorage.COUNT), storage.parts().stream().map(GroupState.Part::name))
        .map(name -> "d." + name + " <> 0")
        .collect(Collectors.joining(" OR "));
  }

  private String names(String prefix) {
    return storage.aggregate.keys().stream()
        .map(key -> prefix + Quote.name(key))
        .collect(Collectors.joining(", "));
  }

  private String storedKeys(String prefix) {
    List<String> keys = storage.aggregate.keys();
    return keys.stream()
        .map(key -> prefix + Quote.name(storage.storedKey(key)))
        .collect(Collectors.joining(", "));
  }
}
