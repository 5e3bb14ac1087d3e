package dev.freshet.app.command;

import dev.freshet.Freshet;
import dev.freshet.RefreshReport;
import dev.freshet.RefreshRequest;
import dev.freshet.Strategy;
import dev.freshet.app.show.Errors;
import dev.freshet.app.show.ReportTable;
import dev.freshet.app.show.Screen;
import dev.freshet.app.show.TaskProgress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `freshet refresh`.
@Command(
    name = "refresh",
    description = "Brings views up to date with their tables",
    footer = {
      "  freshet refresh public.sales             with the strategy in its options",
      "  freshet refresh sales --strategy swap    build anew beside the old one, then publish",
      "  freshet refresh sales --only             leave the views that it reads as they are",
      "  freshet refresh --all --timeout 10min",
      "",
      "The same from SQL: CALL freshet.refresh('public.sales');"
    })
final class RefreshCommand implements Callable<Integer> {
  @Parameters(paramLabel = "VIEW", arity = "0..*", description = "Names as in SQL.")
  private List<String> views = List.of();

  @Option(names = "--all", description = "Every view, sources first.")
  private boolean all;

  @Option(
      names = "--strategy",
      paramLabel = "STRATEGY",
      converter = StrategyName.class,
      description =
          "auto, incremental, full, concurrent, swap or top-off; instead of the view's own.")
  private @Nullable Strategy strategy;

  @Option(names = "--only", description = "Do not refresh the managed views that these read.")
  private boolean only;

  @Option(
      names = "--no-wait",
      negatable = false,
      description = "Fail if another refresh of the view runs, instead of waiting for it.")
  private boolean impatient;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description = "For each view, such as 90s, 10min, 2h; 0 means none.")
  private @Nullable Duration timeout;

  private final Invocation run;

  RefreshCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    if (all == !views.isEmpty()) {
      throw new UsageProblem("name the views to refresh, or say --all");
    }
    Screen screen = run.screen();
    List<RefreshReport> reports = refresh(screen);
    screen.list("refreshes", reports, ReportTable.ofRefreshed(reports));
    reports.forEach(report -> report.problem().ifPresent(p -> Errors.print(p, screen)));
    return reports.stream().allMatch(RefreshCommand::fine) ? ExitCode.OK : ExitCode.FAILED;
  }

  private List<RefreshReport> refresh(Screen screen) {
    Freshet freshet = run.freshet();
    try (TaskProgress progress = new TaskProgress(screen)) {
      return freshet.refresh(request(), progress, run.interruption().cancellation());
    }
  }

  private RefreshRequest request() {
    return new RefreshRequest(
        views,
        Optional.ofNullable(strategy),
        only,
        !impatient,
        Optional.ofNullable(timeout),
        "manual");
  }

  private static boolean fine(RefreshReport report) {
    return report.outcome() == RefreshReport.Outcome.SUCCEEDED;
  }
}
