package dev.freshet.compiler.emit;

import dev.freshet.compiler.sql.Quote;

/// Writes the functions that compute a whole view anew and put it in place of the old content.
final class BuildWriter {
  private BuildWriter() {}

  static String build(ViewShape shape) {
    return new FunctionText(shape)
        .of(
            "_build",
            "() RETURNS bigint",
            "computes the whole view into a new storage, with the indexes of the old one",
            """
            DECLARE
              built bigint;
            BEGIN
              CREATE %sTABLE %s WITH (%s) %s AS
                SELECT %s
                FROM %s q;
              GET DIAGNOSTICS built = ROW_COUNT;
              RAISE DEBUG 'freshet: index';
              PERFORM freshet.copy_indexes(%s, %s);
              RAISE DEBUG 'freshet: analyze';
              ANALYZE %s;
              RETURN built;
            END
            """
                .formatted(
                    shape.storage().unlogged() ? "UNLOGGED " : "",
                    shape.nextTable(),
                    shape.storage().parameters(),
                    shape.storage().tablespace(),
                    shape.columnList("q."),
                    shape.definition(),
                    Quote.literal(shape.storageTable()),
                    Quote.literal(shape.nextTable()),
                    shape.nextTable()));
  }

  /// One attempt: either everything is in place afterwards, or it raises 55P03 and nothing changed.
  static String publish(ViewShape shape) {
    return new FunctionText(shape)
        .of(
            "_publish",
            "(next_generation integer, deadline timestamptz) RETURNS void",
            "puts the new storage in place of the old one; waits for its locks until the deadline",
            """
            DECLARE
              indexes name[] := freshet.index_names(%1$s);
            BEGIN
              -- ACCESS EXCLUSIVE on the views, then on the old storage: readers wait until the deadline at most.
              PERFORM set_config('lock_timeout', freshet.remaining(deadline), true);
              PERFORM freshet.point_view(%3$d, %2$s, next_generation, %5$s);
              PERFORM set_config('lock_timeout', freshet.remaining(deadline), true);
              PERFORM freshet.point_real_time_view(%3$d, %2$s, next_generation, %5$s);
              PERFORM set_config('lock_timeout', freshet.remaining(deadline), true);
              DROP TABLE %4$s;
              PERFORM freshet.take_over_names(%2$s, %5$s, indexes);
            END
            """
                .formatted(
                    Quote.literal(shape.storageTable()),
                    Quote.literal(shape.nextTable()),
                    shape.storage().viewId(),
                    shape.storageTable(),
                    Quote.literal(shape.base())));
  }
}
