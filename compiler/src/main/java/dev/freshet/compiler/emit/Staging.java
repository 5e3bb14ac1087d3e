package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.delta.Delta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The tables in which a refresh keeps what it computes on the way. They are empty between
/// refreshes.
final class Staging {
  /// The signed multiplicity of a staged row.
  static final String M = "freshet$m";

  private final ViewShape shape;
  private final Map<String, String> tables = new LinkedHashMap<>();

  Staging(ViewShape shape) {
    this.shape = shape;
  }

  /// The table of a delta, made on first use.
  String delta(Delta delta, List<ColumnType> types) {
    return table("_s" + delta.number(), M + " bigint NOT NULL", types);
  }

  /// Another table with these columns.
  String bag(String suffix, List<ColumnType> types) {
    return table(suffix, "", types);
  }

  String table(String suffix, String first, List<ColumnType> types) {
    String name = shape.object(suffix);
    String columns = types.stream().map(ColumnType::declaration).collect(Collectors.joining(", "));
    tables.put(name, first + (first.isEmpty() || columns.isEmpty() ? "" : ", ") + columns);
    return name;
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
