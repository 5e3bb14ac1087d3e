package dev.freshet.app.command;

import dev.freshet.Freshet;
import dev.freshet.View;
import dev.freshet.app.show.Screen;
import dev.freshet.app.show.ViewTable;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `freshet status`.
@Command(
    name = "status",
    description = "Shows every view: strategy, rows, size, age, last error",
    footer = {
      "  freshet status",
      "  freshet status --json | jq '.views[] | select(.last_error != null)'"
    })
final class StatusCommand implements Callable<Integer> {
  private final Invocation run;

  StatusCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    Screen screen = run.screen();
    Freshet freshet = run.cancelledFreshet();
    List<View> views = freshet.views();
    screen.list("views", views, ViewTable.of(views, screen));
    if (views.isEmpty()) {
      screen.note("No views yet. Declare one in a file and run \"freshet apply FILE\".");
    }
    return ExitCode.OK;
  }
}
