package dev.freshet.engine.explain;

import dev.freshet.ApplyOptions;
import dev.freshet.Explanation;
import dev.freshet.Plan;
import dev.freshet.View;
import dev.freshet.ViewSource;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.install.Applier;
import java.util.ArrayList;
import java.util.List;

/// Explains what a view file would do, before anything is created.
public final class FileExplainer {
  private final Session session;

  public FileExplainer(Session session) {
    this.session = session;
  }

  /// One explanation for each view of the file that differs from the database.
  public List<Explanation> explain(ViewSource source, boolean analyze) {
    Plan plan = new Applier(session, ApplyOptions.of(source.name())).plan(List.of(source));
    return plan.steps().stream().map(step -> explain(step, analyze)).toList();
  }

  private Explanation explain(Plan.Step step, boolean analyze) {
    List<Explanation.Section> sections = new ArrayList<>();
    sections.add(new Explanation.Section("Apply would " + step.summary(), step.diff()));
    sections.add(
        new Explanation.Section(
            "Strategies and their locks", StrategyText.lines(View.Kind.MANAGED)));
    sections.add(
        new Explanation.Section(
            analyze ? "Raw query, run" : "Raw query",
            session.list(
                (analyze ? "EXPLAIN (ANALYZE, BUFFERS) " : "EXPLAIN ") + step.query(),
                row -> row.getString(1))));
    return new Explanation(step.view(), sections);
  }
}
