package dev.freshet.app.command;

import dev.freshet.ExplainStage;
import dev.freshet.Explanation;
import dev.freshet.Freshet;
import dev.freshet.app.show.Screen;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `freshet explain`.
@Command(
    name = "explain",
    description = "Explains a view: how it follows changes, strategies, locks, objects, plans",
    footer = {
      "  freshet explain public.sales",
      "  freshet explain sales --analyze     run query and view, both plans side by side",
      "  freshet explain views/sales.sql     a file that is not applied yet",
      "  freshet explain sales --stage sql   the SQL that applies changes"
    })
final class ExplainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "VIEW|FILE", description = "Name as in SQL, or a view file.")
  private String subject = "";

  @Option(names = "--analyze", description = "Run the raw query and the read of the view.")
  private boolean analyze;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "One stage only: algebra, simplified, delta or sql.")
  private Optional<String> stage = Optional.empty();

  private final Invocation run;

  ExplainCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    Screen screen = run.screen();
    List<Explanation> explanations = explain();
    if (screen.json()) {
      screen.json(Map.of("views", explanations));
    } else {
      explanations.forEach(explanation -> show(explanation, screen));
    }
    return ExitCode.OK;
  }

  private List<Explanation> explain() {
    Freshet freshet = run.cancelledFreshet();
    if (stage.isPresent()) {
      return explain(freshet, stage(stage.get()));
    }
    return isFile()
        ? freshet.explain(ViewFiles.file(Path.of(subject)), analyze)
        : List.of(freshet.explain(subject, analyze));
  }

  private List<Explanation> explain(Freshet freshet, ExplainStage one) {
    return isFile()
        ? freshet.explain(ViewFiles.file(Path.of(subject)), one)
        : List.of(freshet.explain(subject, one));
  }

  private static ExplainStage stage(String label) {
    try {
      return ExplainStage.ofLabel(label);
    } catch (IllegalArgumentException e) {
      throw new UsageProblem(e.getMessage() + "; use one of algebra, simplified, delta, sql");
    }
  }

  private boolean isFile() {
    return subject.endsWith(".sql") || Files.isRegularFile(Path.of(subject));
  }

  private static void show(Explanation explanation, Screen screen) {
    screen.title(explanation.view());
    for (Explanation.Section section : explanation.sections()) {
      screen.line("");
      screen.title(section.title());
      section.lines().forEach(line -> screen.line(("  " + line).stripTrailing()));
    }
    screen.line("");
  }
}
