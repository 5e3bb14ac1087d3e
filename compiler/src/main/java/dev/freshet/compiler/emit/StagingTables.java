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
final class StagingTables implements Staging {
  /// Twice as many statements with each.
  private static final int MOST_HALVES = 5;

  private static final int MANY = 500;

  /// The variable that counts the keys, groups and rows that the changes touch, in all steps.
  static final String AFFECTED = "affected";

  /// What ends the steps when the whole query is cheaper.
  static final String GIVEN_UP = "FRESH";

  private final ViewShape shape;
  private final Statements body;
  private final Map<String, String> tables = new LinkedHashMap<>();

  StagingTables(ViewShape shape, Statements body) {
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
    body.execute(condition, "INSERT INTO " + bag + " " + query);
    requireWorth();
  }

  @Override
  public void addKeys(String bag, String condition, String query) {
    body.count(condition, List.of("INSERT INTO " + bag + " " + query), "", AFFECTED);
    requireWorth();
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
    List<Object> insert = Statements.concat("INSERT INTO " + bag + " ", query);
    if (delta instanceof Delta.Changes || delta instanceof Delta.Tick) {
      body.count(all, insert, " USING since, own, clock", count(delta));
    } else {
      body.count(all, insert, "", count(delta), AFFECTED);
    }
    requireWorth();
    if (!halves.isEmpty()) {
      body.line("END LOOP;");
    }
  }

  /// Gives up after a step. All steps come before the first that writes to the storage.
  private void requireWorth() {
    body.line("IF %s > most OR clock_timestamp() > deadline THEN".formatted(AFFECTED));
    body.line("  RAISE SQLSTATE '%s';".formatted(GIVEN_UP));
    body.line("END IF;");
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
    return MOST_HALVES;
  }

  /// Without statistics a join of more rows than these is thought to be far greater than it is.
  @Override
  public void measure(Delta delta, String bag, Collection<String> columns) {
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
  public void comment(String text) {
    body.comment(text);
  }

  List<String> names() {
    return tables.keySet().stream().map(shape::object).toList();
  }

  /// What creates each of them.
  String script() {
    return tables.entrySet().stream()
        .map(table -> create(shape.object(table.getKey()), table.getValue()))
        .collect(Collectors.joining());
  }

  private static String create(String table, String columns) {
    return """
    CREATE UNLOGGED TABLE IF NOT EXISTS %s (%s)
      WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
    """
        .formatted(table, columns);
  }
}
