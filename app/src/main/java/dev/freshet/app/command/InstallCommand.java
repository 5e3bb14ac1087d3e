package dev.freshet.app.command;

import dev.freshet.Freshet;
import dev.freshet.app.show.Screen;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `freshet install`.
@Command(
    name = "install",
    description = "Creates the catalog in schema freshet, or migrates an older one",
    footer = {"  freshet install", "", "apply, adopt, demo and serve do this by themselves."})
final class InstallCommand implements Callable<Integer> {
  private final Invocation run;

  InstallCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    Screen screen = run.screen();
    Freshet freshet = run.cancelledFreshet();
    int version = freshet.install();
    if (screen.json()) {
      screen.json(Map.of("catalog_version", version));
    } else {
      screen.line("The catalog in schema freshet is at version " + version + ".");
    }
    return ExitCode.OK;
  }
}
