package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.delta.Delta;
import dev.freshet.compiler.sql.Quote;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Tables that are filled by one statement after the other: what a refresh keeps on the way. They
/// are empty between refreshes.
///
/// Transactions that maintain a view when they commit use them at the same time, and may leave many
/// dead rows behind while a long query runs. So what they use is a view of a table with the
/// transaction of each row and an index on that: whatever others leave, own rows are found at once.
final class StagingTables implements Staging {
  /// Twice as many statements with each.
  private static final int MOST_HALVES = 5;

  private static final int MANY = 500;

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
  public String pending(ChangeLog log) {
    return mark().pending(log);
  }

  @Override
  public String bag(String suffix, List<ColumnType> columns) {
    tables.put(
        suffix, columns.stream().map(ColumnType::declaration).collect(Collectors.joining(", ")));
    return shape.object(suffix);
  }

  @Override
  public void add(String bag, String condition, String query) {
    requireTime();
    body.execute(condition, "INSERT INTO " + bag + " " + query);
  }

  @Override
  public void stage(Delta delta, String bag, String condition, List<Object> query) {
    Map<Integer, Delta> halves = halves(query);
    String all =
        Stream.concat(
                Stream.of(condition),
                halves.entrySet().stream().map(h -> possible(h.getKey(), h.getValue())))
            .filter(c -> !c.isEmpty())
            .collect(Collectors.joining(" AND "));
    if (!halves.isEmpty()) {
      body.line("FOR mask IN 0 .. " + ((1 << halves.size()) - 1) + " LOOP");
    }
    requireTime();
    boolean reads = delta instanceof Delta.Changes || delta instanceof Delta.Tick;
    body.count(
        all,
        Statements.concat("INSERT INTO " + bag + " ", query),
        reads && sharing == Sharing.NOBODY ? " USING since, own, clock" : "",
        count(delta));
    if (!halves.isEmpty()) {
      body.line("END LOOP;");
    }
  }

  /// Gives up between two steps. Whoever commits has no other way.
  private void requireTime() {
    if (sharing == Sharing.NOBODY) {
      body.line("IF clock_timestamp() > deadline THEN");
      body.line("  RAISE EXCEPTION 'applying the changes took longer than the whole query';");
      body.line("END IF;");
    }
  }

  private static Map<Integer, Delta> halves(List<Object> query) {
    Map<Integer, Delta> halves = new TreeMap<>();
    for (Object part : query) {
      if (part instanceof Half half) {
        halves.put(half.place(), half.delta());
      }
    }
    return halves;
  }

  private static String possible(int place, Delta delta) {
    return "(NOT %s OR %s > 0)".formatted(isFirst(place), count(delta));
  }

  /// Whether the first of two texts is meant, as a bit of the variable of the loop.
  static String isFirst(int place) {
    return "mask & " + (1 << place) + " > 0";
  }

  @Override
  public int mostHalves() {
    return sharing == Sharing.NOBODY ? MOST_HALVES : 0;
  }

  /// Without statistics a join of more rows than these is thought to be far greater than it is.
  @Override
  public void measure(Delta delta, String bag, Collection<String> columns) {
    if (sharing != Sharing.NOBODY) {
      return;
    }
    String names = columns.stream().map(Quote::name).collect(Collectors.joining(", "));
    body.line("IF " + count(delta) + " > " + MANY + " THEN");
    body.line("  ANALYZE (SKIP_LOCKED) " + bag + " (" + names + ");");
    body.line("END IF;");
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
