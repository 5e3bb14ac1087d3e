package dev.freshet.app.command;

import dev.freshet.Freshet;
import dev.freshet.app.show.Screen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `freshet drop`.
@Command(
    name = "drop",
    description = "Drops views with all that was made for them",
    footer = {
      "  freshet drop public.sales",
      "",
      "Refused while other objects depend on the view; they are named."
    })
final class DropCommand implements Callable<Integer> {
  @Parameters(paramLabel = "VIEW", arity = "1..*", description = "Names as in SQL.")
  private List<String> views = List.of();

  private final Invocation run;

  DropCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    Screen screen = run.screen();
    List<String> dropped = new ArrayList<>();
    Freshet freshet = run.cancelledFreshet();
    for (String view : views) {
      freshet.drop(view);
      dropped.add(view);
      screen.note("dropped " + view);
    }
    if (screen.json()) {
      screen.json(Map.of("dropped", dropped));
    }
    return ExitCode.OK;
  }
}
