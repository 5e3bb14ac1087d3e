package dev.freshet.engine.explain;

import dev.freshet.ApplyOptions;
import dev.freshet.ExplainStage;
import dev.freshet.Explanation;
import dev.freshet.Explanation.Section;
import dev.freshet.Plan;
import dev.freshet.View;
import dev.freshet.ViewSource;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.install.Applier;
import dev.freshet.engine.install.Candidates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Explains what a view file would do, before anything is created.
public final class FileExplainer {
  private final Session session;

  public FileExplainer(Session session) {
    this.session = session;
  }

  /// One explanation for each view of the file that differs from the database.
  public List<Explanation> explain(ViewSource source, boolean analyze) {
    Plan plan = new Applier(session, ApplyOptions.of(source.name())).plan(List.of(source));
    Map<QualifiedName, List<Section>> increments =
        new Candidates(session).of(source, new IncrementText(session)::sections);
    return plan.steps().stream()
        .map(step ->
            explain(
                step,
                increments.getOrDefault(QualifiedName.parse(step.view()), List.of()),
                analyze))
        .toList();
  }

  private Explanation explain(Plan.Step step, List<Section> increment, boolean analyze) {
    List<Section> sections = new ArrayList<>();
    sections.add(new Section("Apply would " + step.summary(), step.diff()));
    sections.addAll(increment);
    sections.add(new Section("Strategies and their locks", StrategyText.lines(View.Kind.MANAGED)));
    sections.add(
        new Section(
            analyze ? "Raw query, run" : "Raw query",
            session.list(
                (analyze ? "EXPLAIN (ANALYZE, BUFFERS) " : "EXPLAIN ") + step.query(),
                row -> row.getString(1))));
    return new Explanation(step.view(), sections);
  }

  /// One stage of each view of the file.
  public List<Explanation> stage(ViewSource source, ExplainStage stage) {
    return new Candidates(session)
            .of(
                source,
                candidate ->
                    new Explanation(
                        candidate.view().sql(), List.of(StageText.of(candidate, stage))))
            .values()
            .stream()
            .toList();
  }
}
