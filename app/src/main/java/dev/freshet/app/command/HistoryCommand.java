package dev.freshet.app.command;

import dev.freshet.Freshet;
import dev.freshet.RefreshReport;
import dev.freshet.app.show.ReportTable;
import dev.freshet.app.show.Screen;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `freshet history`.
@Command(
    name = "history",
    description = "Shows the latest refreshes of a view, newest first",
    footer = {
      "  freshet history public.sales",
      "  freshet history sales --limit 100 --json | jq '.refreshes[].duration'"
    })
final class HistoryCommand implements Callable<Integer> {
  @Parameters(paramLabel = "VIEW", description = "Name as in SQL.")
  private String view = "";

  @Option(names = "--limit", paramLabel = "N", description = "So many at most. Default: 20.")
  private int limit = 20;

  private final Invocation run;

  HistoryCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new UsageProblem("--limit must be at least 1");
    }
    Screen screen = run.screen();
    Freshet freshet = run.cancelledFreshet();
    List<RefreshReport> reports = freshet.history(view, limit);
    screen.list("refreshes", reports, ReportTable.ofHistory(reports, screen));
    return ExitCode.OK;
  }
}
