package dev.freshet.app.command;

import dev.freshet.app.show.Screen;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/// The command line: all commands in the order of their help, and how they are run. Start reading
/// here.
public final class Commands {
  private static final int WIDEST_HELP = 100;

  private Commands() {}

  /// Runs the command that the arguments name, and returns the exit code.
  public static int run(Invocation run, String... arguments) {
    CommandLine line = new CommandLine(new FreshetCommand(run));
    line.addMixin("global", run.options());
    all(run).forEach(line::addSubcommand);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(Math.clamp(run.screen().terminal().width(), 60, WIDEST_HELP));
    line.setExecutionStrategy(parsed -> execute(line, run.screen(), parsed));
    Failures failures = new Failures(run);
    line.setParameterExceptionHandler(failures);
    line.setExecutionExceptionHandler(failures);
    PrintStream out = run.screen().terminal().out();
    line.setOut(new PrintWriter(out, true, out.charset()));
    line.getSubcommands().values().forEach(CommandHelp::shape);
    try {
      return line.execute(arguments);
    } catch (Error e) {
      return failures.handleError(e);
    }
  }

  private static List<Object> all(Invocation run) {
    return List.of(
        new DemoCommand(run),
        new ServeCommand(run),
        new ApplyCommand(run),
        new RefreshCommand(run),
        new StatusCommand(run),
        new HistoryCommand(run),
        new ExplainCommand(run),
        new VerifyCommand(run),
        new AdoptCommand(run),
        new DropCommand(run),
        new CronCommand(run),
        new CheckCommand(run),
        new InstallCommand(run),
        new UninstallCommand(run),
        new VersionCommand(run),
        new HelpCommand(run));
  }

  private static int execute(CommandLine line, Screen screen, ParseResult parsed) {
    line.setColorScheme(Help.defaultColorScheme(screen.colour() ? Help.Ansi.ON : Help.Ansi.OFF));
    return new RunLast().execute(parsed);
  }
}
