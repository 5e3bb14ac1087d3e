package dev.freshet.tests.benchmark;

import java.util.Locale;

/// A way to lay out a change log: what captures inserted rows, and what reads them.
enum LogLayout {
  /// A row for each row that came or went: what Freshet captures.
  ROWS,

  /// The same, with an index to find what a view has not seen.
  INDEXED,

  /// A row for each statement, which holds its rows in an array.
  ARRAYS,

  /// The same, not compressed.
  FLAT_ARRAYS;

  /// The captured table.
  String table() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Creates the log and what fills it; the table is there. But for what it writes, the function is
  /// that of [dev.freshet.compiler.emit.CaptureWriter].
  String script() {
    return """
    CREATE TABLE %1$s_changes (xid xid8 NOT NULL DEFAULT pg_current_xact_id(), multiplicity smallint NOT NULL, mark text, %2$s)
      WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
    %3$s
    CREATE SEQUENCE %1$s_closed MINVALUE 1 MAXVALUE 2;
    CREATE FUNCTION %1$s_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      IF pg_catalog.pg_relation_size('%1$s_changes'::pg_catalog.regclass) OPERATOR(pg_catalog.>) 1000000000
          AND (pg_catalog.pg_relation_size('%1$s_changes'::pg_catalog.regclass) OPERATOR(pg_catalog.>) 2000000000
            OR pg_catalog.pg_stat_get_live_tuples('%1$s_changes'::pg_catalog.regclass) OPERATOR(pg_catalog.>) 10000000) THEN
        PERFORM pg_catalog.setval(pg_catalog.to_regclass('%1$s_closed'), 2);
        RETURN NULL;
      END IF;
      INSERT INTO public.%1$s_changes %4$s;
      RETURN NULL;
    EXCEPTION WHEN OTHERS THEN
      PERFORM pg_catalog.setval(pg_catalog.to_regclass('%1$s_closed'), 2);
      RETURN NULL;
    END
    $$;
    CREATE TRIGGER %1$s_capture AFTER INSERT ON %1$s REFERENCING NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION %1$s_insert()\
    """
        .formatted(table(), columns(), addition(), rows());
  }

  private String columns() {
    return switch (this) {
      case ROWS, INDEXED -> "product integer, amount numeric(10,2), at timestamptz";
      case ARRAYS, FLAT_ARRAYS -> "changed captured_columns[]";
    };
  }

  private String addition() {
    return switch (this) {
      case INDEXED -> "CREATE INDEX ON indexed_changes (xid);";
      case FLAT_ARRAYS -> "ALTER TABLE flat_arrays_changes ALTER changed SET STORAGE EXTERNAL;";
      case ROWS, ARRAYS -> "";
    };
  }

  private String rows() {
    return switch (this) {
      case ROWS, INDEXED ->
          "(multiplicity, product, amount, at) SELECT 1, r.product, r.amount, r.at FROM new_rows r";
      case ARRAYS, FLAT_ARRAYS ->
          "(multiplicity, changed) SELECT 1, pg_catalog.array_agg(ROW(r.product, r.amount, r.at)::public.captured_columns) FROM new_rows r";
    };
  }

  /// Nets what waits behind a watermark, as the first step of an increment does.
  String read(String since, String own) {
    return """
    SELECT sum(l.multiplicity), r.product, r.amount, r.at FROM %s
    WHERE l.xid >= pg_snapshot_xmin('%2$s') AND NOT pg_visible_in_snapshot(l.xid, '%2$s') AND l.xid <> '%3$s'
    GROUP BY r.product, r.amount, r.at HAVING sum(l.multiplicity) <> 0\
    """
        .formatted(
            switch (this) {
              case ROWS, INDEXED ->
                  table() + "_changes l, LATERAL (SELECT l.product, l.amount, l.at) r";
              case ARRAYS, FLAT_ARRAYS -> table() + "_changes l, unnest(l.changed) r";
            },
            since,
            own);
  }
}
