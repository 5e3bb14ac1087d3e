package dev.freshet.app.show;

import dev.freshet.FreshetException;
import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.ProblemText;
import dev.freshet.compiler.SourcePosition;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Prints what went wrong, as psql does, or as JSON; always on the error stream.
public final class Errors {
  private static final String INTERNAL = "XX000";
  private static final String FILE = "58030";

  private Errors() {}

  public static void print(Problem problem, Screen screen) {
    String text = screen.json() ? jsonOf(problem) : painted(problem, screen);
    screen.terminal().err().println(text);
  }

  /// The problem behind an exception.
  public static Problem problemOf(Throwable thrown) {
    return switch (thrown) {
      case FreshetException refused -> refused.problem();
      case CompileException refused -> refused.problem();
      case SQLException server -> problemOf(server);
      case UncheckedIOException file -> Problem.of(FILE, String.valueOf(file.getMessage()));
      default ->
          Problem.of(INTERNAL, thrown.toString().lines().findFirst().orElse("unknown"))
              .withDetail("This is a defect of Freshet, not of your view.")
              .withHint("Run again with FRESHET_TRACE=1 and report the output.");
    };
  }

  private static Problem problemOf(SQLException thrown) {
    String state = thrown.getSQLState();
    String message = String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    return Problem.of(
        state == null || state.length() != 5 ? INTERNAL : state,
        message.replaceFirst("^(ERROR|FATAL): ", ""));
  }

  public static boolean isInternal(Problem problem) {
    return problem.sqlState().equals(INTERNAL);
  }

  private static String painted(Problem problem, Screen screen) {
    String text = ProblemText.of(problem);
    return text.replaceFirst("ERROR:", screen.paint(Ink.RED, "ERROR:"));
  }

  private static String jsonOf(Problem problem) {
    return Json.text(
        Map.of(
            "error",
            new ErrorRecord(
                "ERROR",
                problem.sqlState(),
                problem.message(),
                problem.detail(),
                problem.hint(),
                problem.position())));
  }

  /// An error as scripts see it; what is not known is null.
  private record ErrorRecord(
      String severity,
      String sqlState,
      String message,
      @Nullable String detail,
      @Nullable String hint,
      @Nullable SourcePosition position) {}
}
