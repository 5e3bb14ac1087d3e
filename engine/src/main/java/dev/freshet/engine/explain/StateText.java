package dev.freshet.engine.explain;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.emit.StoredColumn;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.engine.catalog.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What an incremental view keeps besides the rows that it shows, and how much that is by the
/// planner's estimate.
final class StateText {
  private static final Pattern ROWS = Pattern.compile("\"Plan Rows\": (\\d+)");
  private static final Pattern WIDTH = Pattern.compile("\"Plan Width\": (\\d+)");

  private final Session session;

  StateText(Session session) {
    this.session = session;
  }

  /// Rows that a query returns and their average width in bytes, both estimated.
  private record Estimate(long rows, long width) {}

  List<String> lines(IncrementScript script) {
    List<String> lines = new ArrayList<>();
    script.storedQuery().ifPresent(query -> lines.add(hidden(script, query)));
    script.lookup().ifPresent(lookup -> lines.add(index(lookup.index())));
    return lines;
  }

  private static String index(String lookup) {
    return lookup.startsWith("(") ? "an index on a hash of each row" : "an index on " + lookup;
  }

  private String hidden(IncrementScript script, String query) {
    String columns =
        script.storedColumns().stream()
            .map(ColumnType::name)
            .filter(name -> name.startsWith(StoredColumn.HIDDEN))
            .map(Quote::name)
            .collect(Collectors.joining(", "));
    Estimate estimate = estimate("SELECT " + columns + " FROM (" + query + ") stored");
    return "hidden columns %s: about %d groups x %d bytes, %s"
        .formatted(columns, estimate.rows(), estimate.width(), pretty(estimate));
  }

  private Estimate estimate(String query) {
    String plan = session.one("EXPLAIN (FORMAT JSON) " + query, row -> row.getString(1));
    return new Estimate(first(ROWS, plan), first(WIDTH, plan));
  }

  /// What the whole plan says comes first.
  private static long first(Pattern pattern, String plan) {
    Matcher matcher = pattern.matcher(plan);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  private String pretty(Estimate estimate) {
    return session.one(
        "SELECT pg_size_pretty(?::bigint)",
        row -> row.getString(1),
        estimate.rows() * estimate.width());
  }
}
