package dev.freshet.app.command;

import dev.freshet.ApplyOptions;
import dev.freshet.Freshet;
import dev.freshet.Plan;
import dev.freshet.View;
import dev.freshet.ViewSource;
import dev.freshet.app.show.PlanText;
import dev.freshet.app.show.Screen;
import dev.freshet.app.show.TaskProgress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `freshet apply`.
@Command(
    name = "apply",
    description = "Makes the database match view files: creates, changes, re-indexes",
    footer = {
      "  freshet apply views/                the .sql files of a directory and those below it",
      "  freshet apply views/ --dry-run      the plan as a diff; nothing is changed",
      "  freshet apply views/ --prune        also drop the views that are gone from views/",
      "  freshet apply - < sales.sql         from standard input",
      "",
      "A view file:",
      "  CREATE MATERIALIZED VIEW sales WITH (freshet.refresh = 'auto') AS SELECT ...;",
      "  CREATE UNIQUE INDEX ON sales (month, category);"
    })
final class ApplyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "View files, or - for stdin.")
  private List<String> paths = List.of();

  @Option(names = "--dry-run", description = "Show the plan as a diff and change nothing.")
  private boolean dryRun;

  @Option(names = "--prune", description = "Drop views that this path made and no longer has.")
  private boolean prune;

  private final Invocation run;

  ApplyCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    if (prune && paths.size() > 1) {
      throw new UsageProblem("--prune looks at one file or directory at a time");
    }
    List<ViewSource> sources = ViewFiles.read(paths, run.screen().terminal().in());
    Freshet freshet = run.freshet();
    if (!dryRun) {
      freshet.install();
    }
    Plan plan = freshet.plan(sources, new ApplyOptions(prune, ViewFiles.origin(paths)));
    List<View> views = dryRun ? List.of() : carryOut(freshet, plan);
    show(plan, views);
    return ExitCode.OK;
  }

  private List<View> carryOut(Freshet freshet, Plan plan) {
    try (TaskProgress progress = new TaskProgress(run.screen())) {
      return freshet.apply(plan, progress, run.interruption().cancellation());
    }
  }

  private void show(Plan plan, List<View> views) {
    Screen screen = run.screen();
    if (screen.json()) {
      screen.json(Map.of("applied", !dryRun, "steps", plan.steps(), "views", views));
    } else if (plan.upToDate()) {
      screen.note("The database matches the files.");
    } else if (dryRun) {
      screen.lines(PlanText.ofDryRun(plan, screen));
    } else {
      screen.lines(PlanText.ofDone(plan, screen));
    }
  }
}
