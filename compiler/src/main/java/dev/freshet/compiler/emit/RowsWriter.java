package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.sql.Quote;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes how a signed bag of rows is applied to a storage that holds such rows, duplicates
/// included.
final class RowsWriter {
  private final ViewShape shape;
  private final List<ColumnType> types;
  private final Staging staging;
  private final Statements body;

  RowsWriter(ViewShape shape, List<ColumnType> types, Staging staging, Statements body) {
    this.shape = shape;
    this.types = types;
    this.staging = staging;
    this.body = body;
  }

  /// What rows are found by: equal rows have equal hashes.
  static String lookup(List<ColumnType> types, String prefix) {
    return types.stream()
        .filter(ColumnType::hashable)
        .map(type -> prefix + Quote.name(type.name()))
        .collect(Collectors.joining(", ", "pg_catalog.hash_record_extended(ROW(", "), 0)"));
  }

  void write(String delta, String changed) {
    String m = Staging.M;
    String net = net();
    String columns =
        types.stream().map(t -> Quote.name(t.name())).collect(Collectors.joining(", "));
    staging.comment("Rows that look the same taken together, then deleted and inserted.");
    staging.add(
        net,
        changed,
        "SELECT sum(i.%s), %s FROM %s i%s HAVING sum(i.%s) <> 0"
            .formatted(
                m, ColumnTypes.grouped(types, "i."), delta, ColumnTypes.image(types, "i."), m));
    body.execute(
        changed,
        List.of(
            "SELECT coalesce(-sum(n.%s) FILTER (WHERE n.%s < 0), 0) FROM %s n"
                .formatted(m, m, net)),
        " INTO broken");
    staging.lock("broken > 0", "(SELECT * FROM %s n WHERE n.%s < 0)".formatted(net, m), types);
    body.count(
        "broken > 0",
        List.of(
            """
            DELETE FROM %1$s t USING (
              SELECT s.ctid AS place, n.%3$s, row_number() OVER (PARTITION BY n.ctid) AS copy
              FROM %2$s n JOIN %1$s s ON %4$s = %5$s AND record_image_eq(ROW(%6$s), ROW(%7$s))
              WHERE n.%3$s < 0) gone
            WHERE t.ctid = gone.place AND gone.copy <= -gone.%3$s\
            """
                .formatted(
                    shape.storageTable(),
                    net,
                    m,
                    lookup(types, "s."),
                    lookup(types, "n."),
                    prefixed("s."),
                    prefixed("n."))),
        "",
        "deleted");
    body.line("IF deleted <> broken THEN");
    body.line("  RAISE EXCEPTION 'rows that should go were not found in the storage'");
    body.line("    USING DETAIL = format('%s of %s were found.', deleted, broken);");
    body.line("END IF;");
    body.count(
        changed,
        List.of(
            "INSERT INTO %s (%s) SELECT %s FROM %s n, generate_series(1, n.%s) WHERE n.%s > 0"
                .formatted(shape.storageTable(), columns, prefixed("n."), net, m, m)),
        "",
        "inserted");
  }

  private String net() {
    ColumnType multiplicity = Staging.column(Staging.M, "bigint");
    return staging.bag("_net", Stream.concat(Stream.of(multiplicity), types.stream()).toList());
  }

  private String prefixed(String prefix) {
    return types.stream()
        .map(type -> prefix + Quote.name(type.name()))
        .collect(Collectors.joining(", "));
  }
}
