package dev.freshet.app.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `freshet` without a command: teaches.
@Command(
    name = "freshet",
    header = "Keeps materialized views fresh on PostgreSQL.",
    synopsisHeading = "%n@|bold Usage:|@ ",
    customSynopsis = "freshet [--url URL] COMMAND [ARGUMENTS]",
    descriptionHeading = "%n",
    description = {
      "Declare views in .sql files, apply them, refresh them by the strategy that suits each,",
      "and see how fresh they are. Start with: @|bold freshet demo|@"
    },
    commandListHeading = "%n@|bold Commands:|@%n",
    optionListHeading = "%n@|bold Options, before or after the command:|@%n",
    versionProvider = Version.class,
    exitCodeListHeading = "%n@|bold Exit codes:|@%n",
    exitCodeList = {
      "0:done",
      "1:refused or failed; nothing was changed unless the message says so",
      "2:the command line was not understood",
      "3:the server cannot be reached, or lets nobody in",
      "4:verify found rows that differ, or check found missing rights",
      "130:interrupted by Ctrl-C; cancelled on the server too"
    },
    footerHeading = "%n@|bold Examples:|@%n",
    footer = {
      "  freshet demo                            see it work, on a PostgreSQL of its own",
      "  freshet --url postgresql://me@db/shop apply views/",
      "  freshet refresh public.sales --strategy concurrent",
      "  freshet status --json | jq '.views[] | select(.freshness.age > 3600) | .name'",
      "  freshet help apply                      more about one command"
    })
final class FreshetCommand implements Callable<Integer> {
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Shows the version.")
  boolean version;

  private final Invocation run;
  @Spec private CommandSpec spec = CommandSpec.create();

  FreshetCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    run.screen().line(spec.commandLine().getUsageMessage().stripTrailing());
    return ExitCode.OK;
  }
}
