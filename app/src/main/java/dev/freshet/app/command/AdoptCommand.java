package dev.freshet.app.command;

import dev.freshet.Freshet;
import dev.freshet.View;
import dev.freshet.app.show.Screen;
import dev.freshet.app.show.ViewTable;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `freshet adopt`.
@Command(
    name = "adopt",
    description = "Takes an existing native materialized view under management",
    footer = {
      "  freshet adopt public.sales             stays native: full and concurrent refreshes",
      "  freshet adopt public.sales --convert   becomes managed: every strategy",
      "",
      "Neither rebuilds it: the rows that are there stay, with their age unknown."
    })
final class AdoptCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "Name as in SQL.")
  private String name = "";

  @Option(names = "--convert", description = "Make it managed; rows, indexes, grants are kept.")
  private boolean convert;

  private final Invocation run;

  AdoptCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    Screen screen = run.screen();
    Freshet freshet = run.cancelledFreshet();
    freshet.install();
    List<View> adopted = List.of(freshet.adopt(name, convert));
    screen.list("views", adopted, ViewTable.of(adopted, screen));
    return ExitCode.OK;
  }
}
