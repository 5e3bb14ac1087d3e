package dev.freshet.compiler.emit;

import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Quote;
import java.util.stream.Collectors;

/// Writes the functions of a change log: five that triggers call, and two that the driver calls.
///
/// A capture function never makes the statement fail that fired it. What it cannot capture it
/// marks; where even a mark is impossible it closes the log, by a sequence, since that waits for no
/// lock and outlasts the transaction.
public final class CaptureWriter {
  private static final String PINNED = " SET search_path TO pg_catalog, pg_temp";

  static final String MOVED = "that rows have gone to other partitions unseen";

  private final ChangeLog log;
  private final QualifiedName table;
  private final Limit limit;

  /// @param limit how much may wait in the log
  public CaptureWriter(ChangeLog log, Limit limit) {
    this.log = log;
    this.table = QualifiedName.parse(log.table());
    this.limit = limit;
  }

  /// How much may wait in a log. Its file is looked at first, since that is cheap.
  ///
  /// @param rows that are not pruned yet, by the statistics of the server
  /// @param bytes that so many rows take; twice as many are too much whatever the statistics say
  public record Limit(long rows, long bytes) {}

  /// All functions of the log, as one script.
  public String functions() {
    return String.join(
        "\n",
        capture("insert", "the rows that an INSERT adds", inserted()),
        capture(
            "update", "the rows that an UPDATE changes, as they were and as they are", updated()),
        capture("delete", "the rows that a DELETE removes", deleted()),
        capture("truncate", "that the table was emptied", mark("'truncate'")),
        capture("replica", "a row that a replica applies", applied()),
        moving(),
        capture("moved", MOVED, MovedRows.compared(log, mark("'moved'"))),
        pending(),
        prune());
  }

  private String inserted() {
    return "INSERT INTO %s (%s)\n    SELECT 1%s FROM new_rows r"
        .formatted(log.table(), targets(), sources("r"));
  }

  private String deleted() {
    return "INSERT INTO %s (%s)\n    SELECT -1%s FROM old_rows r"
        .formatted(log.table(), targets(), sources("r"));
  }

  private String updated() {
    return """
    INSERT INTO %s (%s)
        SELECT -1%3$s FROM old_rows r UNION ALL SELECT 1%3$s FROM new_rows r\
    """
        .formatted(log.table(), targets(), sources("r"));
  }

  /// What a replica applies is not known as a set of rows, but one by one. Somebody may enable all
  /// triggers of a table in every role; then the others capture what is not a replica's.
  private String applied() {
    return """
    IF pg_catalog.current_setting('session_replication_role') OPERATOR(pg_catalog.<>) 'replica' THEN
        RETURN NULL;
      END IF;
      IF TG_OP OPERATOR(pg_catalog.<>) 'INSERT' THEN
        INSERT INTO %1$s (%2$s) VALUES (-1%3$s);
      END IF;
      IF TG_OP OPERATOR(pg_catalog.<>) 'DELETE' THEN
        INSERT INTO %1$s (%2$s) VALUES (1%4$s);
      END IF\
    """
        .formatted(log.table(), targets(), sources("OLD"), sources("NEW"));
  }

  private String mark(String text) {
    return "INSERT INTO %s (multiplicity, mark) VALUES (0, %s)".formatted(log.table(), text);
  }

  private String targets() {
    return log.columns().values().stream()
        .map(column -> ", " + Quote.name(column))
        .collect(Collectors.joining("", "multiplicity", ""));
  }

  private String sources(String row) {
    return log.columns().keySet().stream()
        .map(column -> ", " + row + "." + Quote.name(column))
        .collect(Collectors.joining());
  }

  /// Every name and operator is qualified: to pin the search path would cost as much at each
  /// statement as to write the row.
  private String capture(String event, String what, String statement) {
    return function(
        "_" + event,
        "() RETURNS trigger",
        "",
        "captures " + what + " of table " + log.relation(),
        """
        BEGIN
          IF pg_catalog.pg_relation_size(%1$s) OPERATOR(pg_catalog.>) %2$d
              AND (pg_catalog.pg_relation_size(%1$s) OPERATOR(pg_catalog.>) %3$d
                OR pg_catalog.pg_stat_get_live_tuples(%1$s) OPERATOR(pg_catalog.>) %4$d) THEN
            PERFORM pg_catalog.setval(s.oid::pg_catalog.regclass, 2) FROM pg_catalog.pg_class s
              WHERE s.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(%5$s)
                AND NOT coalesce(pg_catalog.pg_sequence_last_value(s.oid) OPERATOR(pg_catalog.=) 2, false);
            RETURN NULL;
          END IF;
          %6$s;
          RETURN NULL;
        EXCEPTION WHEN OTHERS THEN
          BEGIN
            %7$s;
          EXCEPTION WHEN OTHERS THEN
            PERFORM pg_catalog.setval(pg_catalog.to_regclass(%5$s), 2);
          END;
          RETURN NULL;
        END
        """
            .formatted(
                Quote.literal(log.table()) + "::pg_catalog.regclass",
                limit.bytes(),
                2 * limit.bytes(),
                limit.rows(),
                Quote.literal(object("_closed")),
                statement,
                mark("'failed: ' OPERATOR(pg_catalog.||) SQLERRM")));
  }

  private String moving() {
    return function(
        "_moving",
        "() RETURNS trigger",
        "",
        "counts rows of table %s whose partition key an UPDATE sets".formatted(log.relation()),
        MovedRows.counted(log));
  }

  private String pending() {
    return function(
        "_pending",
        "(since pg_snapshot, own xid8, OUT rows bigint, OUT gap text)",
        PINNED,
        "counts the changes of table %s after a refresh, and tells what is missing"
            .formatted(log.relation()),
        """
        BEGIN
          SELECT count(*) FILTER (WHERE l.multiplicity <> 0), min(l.mark) INTO rows, gap
          FROM %s l
          WHERE l.xid >= pg_snapshot_xmin(since) AND NOT pg_visible_in_snapshot(l.xid, since) AND l.xid <> own;
          IF (SELECT s.last_value FROM %s s) = 2 THEN
            gap := 'closed';
          END IF;
        END
        """
            .formatted(log.table(), object("_closed")));
  }

  private String prune() {
    return function(
        "_prune",
        "(horizon xid8, reopen boolean) RETURNS void",
        PINNED,
        "deletes the changes of table %s that every view has seen, or all of them"
            .formatted(log.relation()),
        """
        BEGIN
          DELETE FROM %s l WHERE l.xid < horizon OR horizon IS NULL;
          IF reopen THEN
            ALTER SEQUENCE %s RESTART; -- another file: who reads an older state of the log can tell
          END IF;
        END
        """
            .formatted(log.table(), object("_closed")));
  }

  private String function(
      String suffix, String signature, String setting, String comment, String body) {
    String text = "-- Generated by Freshet: " + Quote.comment(comment) + ".\n" + body;
    return """
    CREATE OR REPLACE FUNCTION %1$s%2$s
    LANGUAGE plpgsql SECURITY DEFINER%5$s
    AS %3$s;
    REVOKE ALL ON FUNCTION %1$s FROM PUBLIC;
    COMMENT ON FUNCTION %1$s IS %4$s;
    """
        .formatted(
            object(suffix), signature, FunctionText.quoted(text), Quote.literal(comment), setting);
  }

  private String object(String suffix) {
    return new QualifiedName(table.schema(), table.name() + suffix).sql();
  }
}
