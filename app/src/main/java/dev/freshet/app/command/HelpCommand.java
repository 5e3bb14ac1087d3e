package dev.freshet.app.command;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `freshet help`.
@Command(
    name = "help",
    description = "Shows this help, or that of a command",
    footer = {"  freshet help apply"})
final class HelpCommand implements Callable<Integer> {
  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Such as: apply")
  private String[] path = {};

  @Spec private CommandSpec spec = CommandSpec.create();
  private final Invocation run;

  HelpCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    CommandLine shown = spec.parent().commandLine();
    for (String name : path) {
      @Nullable CommandLine found = shown.getSubcommands().get(name);
      if (found == null) {
        throw new UsageProblem("unknown command \"%s\"".formatted(name));
      }
      shown = found;
    }
    run.screen().line(shown.getUsageMessage().stripTrailing());
    return ExitCode.OK;
  }
}
