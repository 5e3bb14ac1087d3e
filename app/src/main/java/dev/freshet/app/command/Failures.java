package dev.freshet.app.command;

import dev.freshet.app.connect.ConnectionProblems;
import dev.freshet.app.show.Errors;
import dev.freshet.app.show.Screen;
import dev.freshet.compiler.Problem;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Prints a failure in PostgreSQL's shape and gives the exit code.
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final String SYNTAX = "42601";
  private static final String CANCELLED = "57014";

  private final Invocation run;

  Failures(Invocation run) {
    this.run = run;
  }

  @Override
  public int handleParseException(ParameterException refused, String[] arguments) {
    return usage(refused.getCommandLine(), message(refused), List.of(arguments));
  }

  @Override
  public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
    if (thrown instanceof UsageProblem) {
      return usage(command, String.valueOf(thrown.getMessage()), List.of());
    }
    return report(thrown);
  }

  /// What the library cannot have foreseen, such as memory that runs out.
  int handleError(Error thrown) {
    return report(thrown);
  }

  private int report(Throwable thrown) {
    Problem problem = interrupted(Errors.problemOf(thrown));
    Errors.print(problem, run.screen());
    if (Errors.isInternal(problem) && run.environment().containsKey("FRESHET_TRACE")) {
      thrown.printStackTrace(run.screen().terminal().err());
    }
    return exitCode(problem);
  }

  /// Whatever fails once the user has asked for an end fails for that reason.
  private Problem interrupted(Problem problem) {
    return run.interruption().interrupted()
        ? Problem.of(CANCELLED, "canceling statement due to user request")
        : problem;
  }

  private int exitCode(Problem problem) {
    if (run.interruption().interrupted() && problem.sqlState().equals(CANCELLED)) {
      return ExitCode.INTERRUPTED;
    }
    return ConnectionProblems.isConnectionState(problem.sqlState())
        ? ExitCode.NO_CONNECTION
        : ExitCode.FAILED;
  }

  /// The global options may not be parsed yet, so the raw arguments say whether JSON is wanted.
  private int usage(CommandLine command, String message, List<String> arguments) {
    Screen known = run.screen();
    boolean json = known.json() || arguments.contains("--json");
    Screen screen = new Screen(known.terminal(), json, known.colour(), known.quiet());
    String name = command.getCommandSpec().qualifiedName();
    Problem problem = Problem.of(SYNTAX, message).withHint("Run \"%s --help\".".formatted(name));
    Errors.print(problem, screen);
    return ExitCode.USAGE;
  }

  /// picocli's sentence in PostgreSQL's style: lower case, no period.
  private static String message(ParameterException refused) {
    String text = String.valueOf(refused.getMessage()).lines().findFirst().orElse("");
    if (refused instanceof UnmatchedArgumentException unmatched) {
      String argument = unmatched.getUnmatched().getFirst();
      boolean command = refused.getCommandLine().getParent() == null && !argument.startsWith("-");
      String kind = argument.startsWith("-") ? "option" : command ? "command" : "argument";
      List<String> similar = unmatched.getSuggestions();
      String meant = similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar);
      return "unknown %s \"%s\"%s".formatted(kind, argument, meant);
    }
    String plain = text.replaceFirst("^.*?: (?=unknown|invalid)", "").replaceFirst("\\.$", "");
    return plain.isEmpty()
        ? "wrong usage"
        : Character.toLowerCase(plain.charAt(0)) + plain.substring(1);
  }
}
