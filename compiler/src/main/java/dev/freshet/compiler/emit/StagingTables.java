package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.delta.Delta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Tables that are filled by one statement after the other: what a refresh keeps on the way. They
/// are empty between refreshes.
final class StagingTables implements Staging {
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
  public String bag(String suffix, List<ColumnType> columns) {
    String name = shape.object(suffix);
    tables.put(
        name, columns.stream().map(ColumnType::declaration).collect(Collectors.joining(", ")));
    return name;
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
        reads ? " USING since, own, clock" : "",
        count(delta));
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
    return List.copyOf(tables.keySet());
  }

  /// CREATE TABLE for each of them.
  String script() {
    return tables.entrySet().stream()
        .map(table ->
            """
            CREATE UNLOGGED TABLE IF NOT EXISTS %s (%s)
              WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
            """
                .formatted(table.getKey(), table.getValue()))
        .collect(Collectors.joining());
  }
}
