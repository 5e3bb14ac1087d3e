package dev.freshet.engine.explain;

import dev.freshet.compiler.explain.Lookup;
import dev.freshet.engine.catalog.Session;
import java.util.List;
import java.util.Optional;

/// Which indexes serve the searches of a refresh, and which are missing.
final class LookupText {
  /// Indexes that begin with one of the columns or expressions, without blanks and parentheses.
  private static final String SERVING =
      """
      SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
      WHERE i.indrelid = ?::regclass AND i.indisvalid AND i.indpred IS NULL
        AND translate(pg_get_indexdef(i.indexrelid, 1, false), ' ()', '')
          = ANY (SELECT translate(wanted, ' ()', '') FROM unnest(?::text[]) wanted)
      ORDER BY i.indisprimary DESC, x.relname LIMIT 1
      """;

  private final Session session;

  LookupText(Session session) {
    this.session = session;
  }

  List<String> lines(List<Lookup> lookups) {
    return session.withCatalogPath(() -> lookups.stream().map(this::line).toList());
  }

  private String line(Lookup lookup) {
    String table = lookup.table().captured().sql();
    Optional<String> index =
        session.first(
            SERVING, row -> row.getString(1), table, lookup.columns().toArray(String[]::new));
    String searched = "%s (%s)".formatted(lookup.table().table(), lookup.indexList());
    return searched
        + ", "
        + lookup.purpose()
        + ": "
        + index
            .map(name -> "index " + name)
            .orElseGet(() -> "no index, all rows are read; CREATE INDEX ON " + searched);
  }
}
