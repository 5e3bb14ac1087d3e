package dev.freshet.app.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `freshet demo`.
@Command(name = "demo", description = "Shows it all on a PostgreSQL of its own")
final class DemoCommand implements Callable<Integer> {
  private final Invocation run;

  DemoCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    run.screen().line("coming");
    return ExitCode.FAILED;
  }
}
