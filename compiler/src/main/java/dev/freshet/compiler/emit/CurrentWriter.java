package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.delta.DeltaPlan;
import dev.freshet.compiler.sql.Quote;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes the function that tells what stands at this moment in the place of a view's stored rows:
/// the same steps as those of a refresh, as one query. Where the logs cannot tell, that is the
/// whole query.
///
/// Whoever reads the view calls the function, with a ticket that only the view itself can read.
final class CurrentWriter {
  private static final Staging.Mark MARK =
      new Staging.Mark("freshet$mark.since", "freshet$mark.own", "freshet$mark.clock");

  private final ViewShape shape;
  private final WithList list;
  private final WithSteps steps;

  private CurrentWriter(
      ViewShape shape, DeltaPlan plan, Map<String, ChangeLog> logs, Schema schema) {
    this.shape = shape;
    this.list = new WithList(shape.storage().viewId(), MARK, "freshet$unlimited", false);
    this.steps = new WithSteps(shape, plan, logs, new ColumnTypes(schema), list);
  }

  /// The ticket and the function, as a script.
  static String script(
      ViewShape shape, DeltaPlan plan, Map<String, ChangeLog> logs, Schema schema) {
    CurrentWriter writer = new CurrentWriter(shape, plan, logs, schema);
    return writer.ticket() + writer.function();
  }

  private String ticket() {
    return """
    CREATE TABLE IF NOT EXISTS %1$s (ticket uuid NOT NULL);
    INSERT INTO %1$s SELECT gen_random_uuid() WHERE NOT EXISTS (SELECT FROM %1$s);
    """
        .formatted(shape.object("_ticket"));
  }

  private String function() {
    String signature =
        "(ticket uuid) RETURNS TABLE (part text, place tid, content %s) STABLE ROWS 100"
            .formatted(shape.object("_query"));
    String function =
        new FunctionText(shape)
            .of(
                "_current",
                signature,
                "tells what stands at this moment in the place of stored rows",
                body(),
                List.of(
                    new SessionSetting("jit", "off"),
                    new SessionSetting("random_page_cost", "1.1"),
                    new SessionSetting("plan_cache_mode", "force_generic_plan"),
                    new SessionSetting("join_collapse_limit", "12"),
                    new SessionSetting("from_collapse_limit", "12")));
    return function + "GRANT EXECUTE ON FUNCTION " + shape.object("_current") + " TO PUBLIC;\n";
  }

  /// An error in a step, such as a division by zero in a row that the query would not look at,
  /// leaves rows behind that a part `instead` makes invalid.
  private String body() {
    return """
    #variable_conflict use_column
    DECLARE
      freshet$mark record;
      freshet$unlimited constant bigint := NULL;
    BEGIN
      IF $1 IS DISTINCT FROM (SELECT t.ticket FROM %1$s t) THEN
        RAISE EXCEPTION 'permission denied for function %%', %2$s
          USING ERRCODE = 'insufficient_privilege', HINT = %3$s;
      END IF;
      freshet$mark := freshet.read_mark(%4$d);
      BEGIN
        RETURN QUERY %5$s;
      EXCEPTION WHEN OTHERS THEN
        RAISE DEBUG 'freshet: reads the whole query: %%', SQLERRM;
        RETURN QUERY %6$s;
      END;
    END
    """
        .formatted(
            shape.object("_ticket"),
            Quote.literal(shape.object("_current")),
            Quote.literal("Read view " + shape.view().sql() + " instead."),
            shape.storage().viewId(),
            query(),
            whole(""));
  }

  private String query() {
    Replacement rows = steps.replacement();
    String complete =
        "(freshet$mark.complete AND freshet$mark.fingerprint = coalesce(freshet.planned_fingerprint(%1$d), freshet.present_fingerprint(%1$d)) AND %2$s)"
            .formatted(shape.storage().viewId(), list.complete());
    return """
    WITH %s,
    freshet$whole AS MATERIALIZED (SELECT %s IS NOT TRUE OR %s AS needed)
      SELECT 'gone', o.place, NULL::%s FROM (%s) o (place) WHERE NOT (SELECT w.needed FROM freshet$whole w)
      UNION ALL SELECT 'come', NULL, ROW(%s)::%s FROM %s c WHERE %s AND NOT (SELECT w.needed FROM freshet$whole w)
      UNION ALL %s\
    """
        .formatted(
            list.sql(),
            complete,
            rows.broken(),
            shape.object("_query"),
            rows.gone(),
            shape.shownColumns().stream()
                .map(column -> "c." + Quote.name(column.name()))
                .collect(Collectors.joining(", ")),
            shape.object("_query"),
            rows.come(),
            rows.shown(),
            whole(" WHERE (SELECT w.needed FROM freshet$whole w)"));
  }

  /// The whole query instead of all stored rows.
  private String whole(String where) {
    return "SELECT 'instead', NULL::tid, NULL::%1$s%2$s UNION ALL SELECT 'whole', NULL, ROW(q.*)::%1$s FROM %1$s q%2$s"
        .formatted(shape.object("_query"), where);
  }
}
