package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.sql.Quote;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes how a signed bag of rows is applied to a storage that holds such rows, duplicates
/// included.
final class RowsWriter {
  private static final String NOT_FOUND = "rows that should go were not found in the storage";

  private final ViewShape shape;
  private final List<ColumnType> types;
  private final Staging staging;

  RowsWriter(ViewShape shape, List<ColumnType> types, Staging staging) {
    this.shape = shape;
    this.types = types;
    this.staging = staging;
  }

  /// What rows are found by: equal rows have equal hashes.
  static String lookup(List<ColumnType> types, String prefix) {
    return RowHash.of(
        types.stream().filter(ColumnType::hashable).map(type -> prefix + Quote.name(type.name())));
  }

  /// The rows that came, and the places of those that went.
  Replacement replacement(String delta, String changed) {
    String net = stage(delta, changed);
    String gone = leaving(net);
    String come = staging.bag("_come", types);
    staging.add(come, "", come(net));
    return new Replacement(
        "SELECT o.freshet$place FROM " + gone + " o", come, "true", missing(gone, net));
  }

  /// As many rows of each image as the delta says go and come.
  Rewrite rewrite(String delta, String changed) {
    String net = stage(delta, changed);
    staging.touches("", "(SELECT * FROM %s n WHERE n.%s < 0)".formatted(net, Staging.M), types);
    String gone = leaving(net);
    return new Rewrite(
        "SELECT o.freshet$place FROM " + gone + " o",
        "",
        prefixed(""),
        come(net),
        missing(gone, net),
        NOT_FOUND);
  }

  /// A bag with the places of stored rows that go.
  private String leaving(String net) {
    String gone = staging.bag("_gone", List.of(Staging.column("freshet$place", "tid")));
    staging.add(gone, "", gone(net));
    return gone;
  }

  private static String missing(String gone, String net) {
    return "(SELECT count(*) FROM %s) <> (%s)".formatted(gone, expected(net));
  }

  /// Stages the delta with rows that look the same taken together.
  private String stage(String delta, String changed) {
    String m = Staging.M;
    ColumnType multiplicity = Staging.column(m, "bigint");
    String net =
        staging.bag("_net", Stream.concat(Stream.of(multiplicity), types.stream()).toList());
    staging.comment("Rows that look the same taken together, then deleted and inserted.");
    staging.add(
        net,
        changed,
        "SELECT sum(i.%s), %s FROM %s i%s HAVING sum(i.%s) <> 0"
            .formatted(
                m, ColumnTypes.grouped(types, "i."), delta, ColumnTypes.image(types, "i."), m));
    return net;
  }

  /// How many stored rows must go.
  private static String expected(String net) {
    return "SELECT coalesce(-sum(n.%1$s) FILTER (WHERE n.%1$s < 0), 0) FROM %2$s n"
        .formatted(Staging.M, net);
  }

  /// The places of stored rows that go: as many of each image as the delta says.
  private String gone(String net) {
    return """
    SELECT o.freshet$place FROM (
      SELECT s.ctid AS freshet$place, n.%3$s, row_number() OVER (PARTITION BY n.freshet$id) AS freshet$copy
      FROM (SELECT row_number() OVER () AS freshet$id, * FROM %2$s WHERE %3$s < 0) n
      JOIN %1$s s ON %4$s = %5$s AND record_eq(%6$s, %7$s)) o
    WHERE o.freshet$copy <= -o.%3$s\
    """
        .formatted(
            shape.storageTable(),
            net,
            Staging.M,
            lookup(types, "s."),
            lookup(types, "n."),
            image("s."),
            image("n."));
  }

  private String come(String net) {
    return "SELECT %1$s FROM %2$s n, generate_series(1, n.%3$s) WHERE n.%3$s > 0"
        .formatted(prefixed("n."), net, Staging.M);
  }

  void write(String delta, String changed, Statements body) {
    String net = stage(delta, changed);
    body.execute(changed, List.of(expected(net)), " INTO broken");
    body.count(
        "broken > 0",
        List.of(
            "DELETE FROM %s t USING (%s) g WHERE t.ctid = g.freshet$place"
                .formatted(shape.storageTable(), gone(net))),
        "",
        "deleted");
    body.line("IF deleted <> broken THEN");
    body.line("  RAISE EXCEPTION '" + NOT_FOUND + "'");
    body.line("    USING DETAIL = format('%s of %s were found.', deleted, broken);");
    body.line("END IF;");
    body.count(
        changed,
        List.of("INSERT INTO %s (%s) %s".formatted(shape.storageTable(), prefixed(""), come(net))),
        "",
        "inserted");
  }

  /// How a row looks. Its bytes can tell more: a NaN has a sign, an array can have room for NULLs
  /// that it does not hold.
  private String image(String prefix) {
    return types.stream()
        .map(type -> ColumnTypes.look(type, prefix + Quote.name(type.name())))
        .collect(Collectors.joining(", ", "ROW(", ")"));
  }

  private String prefixed(String prefix) {
    return types.stream()
        .map(type -> prefix + Quote.name(type.name()))
        .collect(Collectors.joining(", "));
  }
}
