package dev.freshet.app.command;

import dev.freshet.app.show.Screen;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `freshet version`.
@Command(
    name = "version",
    description = "Shows the version of Freshet and of Java",
    footer = {"  freshet version", "  freshet version --json"})
final class VersionCommand implements Callable<Integer> {
  private final Invocation run;

  VersionCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    Screen screen = run.screen();
    String java = Runtime.version().toString();
    if (screen.json()) {
      screen.json(Map.of("freshet", Version.ofProgram(), "java", java));
    } else {
      screen.line("freshet " + Version.ofProgram());
      screen.line("java " + java);
    }
    return ExitCode.OK;
  }
}
