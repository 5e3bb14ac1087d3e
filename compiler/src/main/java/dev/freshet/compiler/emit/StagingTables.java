package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.sql.Quote;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Tables that are filled by one statement after the other: what a refresh keeps on the way. They
/// are empty between refreshes.
///
/// Transactions that maintain a view when they commit use them at the same time, and may leave many
/// dead rows behind while a long query runs. So what they use is a view of a table with the
/// transaction of each row and an index on that: whatever others leave, own rows are found at once.
final class StagingTables implements Staging {
  private final ViewShape shape;
  private final Statements body;
  private final Sharing sharing;
  private final Map<String, String> tables = new LinkedHashMap<>();

  /// Who works on a view at the same time.
  enum Sharing {
    /// one refresh
    NOBODY,
    /// transactions when they commit, each of which has locked the whole view
    ONE_BY_ONE,
    /// transactions when they commit, which lock the groups that they touch
    BY_GROUP
  }

  StagingTables(ViewShape shape, Statements body, Sharing sharing) {
    this.sharing = sharing;
    this.shape = shape;
    this.body = body;
  }

  /// The variable that holds how many rows of a delta were staged.
  static String count(Delta delta) {
    return delta instanceof Delta.None ? "0" : "n" + delta.number();
  }

  @Override
  public Mark mark() {
    return new Mark("$1", "$2", "$3");
  }

  @Override
  public String bag(String suffix, List<ColumnType> columns) {
    tables.put(
        suffix, columns.stream().map(ColumnType::declaration).collect(Collectors.joining(", ")));
    return shape.object(suffix);
  }

  @Override
  public void add(String bag, String condition, String query) {
    body.execute(condition, "INSERT INTO " + bag + " " + query);
  }

  @Override
  public void stage(Delta delta, String bag, String condition, List<Object> query) {
    boolean reads = delta instanceof Delta.Changes || delta instanceof Delta.Tick;
    body.count(
        condition,
        Statements.concat("INSERT INTO " + bag + " ", query),
        reads && sharing == Sharing.NOBODY ? " USING since, own, clock" : "",
        count(delta));
  }

  @Override
  public String changed(Delta delta) {
    return count(delta) + " > 0";
  }

  @Override
  public void lock(String condition, String groups, List<ColumnType> keys) {
    if (sharing == Sharing.BY_GROUP) {
      comment("Who else touches these groups waits; what follows sees what they were left as.");
      body.line("IF " + condition + " THEN");
      body.line(
          "  PERFORM freshet.lock_groups(%d, ARRAY(SELECT DISTINCT %s FROM %s k));"
              .formatted(shape.storage().viewId(), number(keys), groups));
      body.line("END IF;");
    }
  }

  /// Equal keys of a view have the same number, whatever they look like.
  private String number(List<ColumnType> keys) {
    String columns =
        keys.stream()
            .filter(ColumnType::hashable)
            .map(key -> "k." + Quote.name(key.name()))
            .collect(Collectors.joining(", "));
    return columns.isEmpty()
        ? "0"
        : "(hash_record_extended(ROW(%s), %d) %% 2147483647)::integer"
            .formatted(columns, shape.storage().viewId());
  }

  @Override
  public void comment(String text) {
    body.comment(text);
  }

  List<String> names() {
    return tables.keySet().stream().map(shape::object).toList();
  }

  /// What creates each of them.
  String script() {
    return tables.entrySet().stream()
        .map(table ->
            sharing == Sharing.NOBODY
                ? create(shape.object(table.getKey()), table.getValue())
                : shared(table.getKey(), table.getValue()))
        .collect(Collectors.joining());
  }

  private static String create(String table, String columns) {
    return """
    CREATE UNLOGGED TABLE IF NOT EXISTS %s (%s)
      WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
    """
        .formatted(table, columns);
  }

  /// The view shows the address of a row, too.
  private String shared(String suffix, String columns) {
    String table = shape.object("_x" + suffix.substring(1));
    String xid = "freshet$xid";
    String comma = columns.isEmpty() ? "" : ", ";
    return """
    %4$sCREATE INDEX ON %1$s (%3$s);
    CREATE VIEW %2$s AS SELECT *, ctid FROM %1$s WHERE %3$s = pg_current_xact_id();
    """
        .formatted(
            table,
            shape.object(suffix),
            xid,
            create(table, columns + comma + xid + " xid8 NOT NULL DEFAULT pg_current_xact_id()"));
  }
}
