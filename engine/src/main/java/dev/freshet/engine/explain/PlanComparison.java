package dev.freshet.engine.explain;

import dev.freshet.Explanation;
import dev.freshet.View;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.engine.catalog.Session;
import java.util.ArrayList;
import java.util.List;

/// Runs the raw query and the read of the view, and tells for each column whether a predicate on it
/// reaches the storage through an index or as a filter at the scan.
final class PlanComparison {
  private final Session session;

  PlanComparison(Session session) {
    this.session = session;
  }

  List<Explanation.Section> compare(View view) {
    List<Explanation.Section> sections = new ArrayList<>();
    String raw = "SELECT * FROM " + Explainer.definition(session, view.id());
    String read = "SELECT * FROM " + view.name();
    sections.add(new Explanation.Section("Raw query, run", run(raw)));
    sections.add(new Explanation.Section("Read of the view, run", run(read)));
    sections.add(new Explanation.Section("Predicates that reach the storage", predicates(view)));
    return sections;
  }

  private List<String> run(String sql) {
    return session.list("EXPLAIN (ANALYZE, BUFFERS) " + sql, row -> row.getString(1));
  }

  private List<String> predicates(View view) {
    List<String> columns =
        session.list(
            "SELECT attname FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            row -> row.getString(1),
            view.name());
    return columns.stream().map(column -> predicate(view, column)).toList();
  }

  private String predicate(View view, String column) {
    String name = Quote.name(column);
    List<String> plan =
        session.list(
            "EXPLAIN (COSTS OFF) SELECT * FROM %1$s WHERE %2$s = (SELECT %2$s FROM %1$s LIMIT 1)"
                .formatted(view.name(), name),
            row -> row.getString(1).strip());
    String how =
        plan.stream()
            .filter(line ->
                line.startsWith("Index Cond:")
                    || line.startsWith("Filter:")
                    || line.startsWith("Recheck Cond:"))
            .findFirst()
            .map(line ->
                line.startsWith("Filter:")
                    ? "filter at the scan of the storage"
                    : "index condition on the storage")
            .orElse("not pushed down");
    return "%s = ...: %s".formatted(name, how);
  }
}
