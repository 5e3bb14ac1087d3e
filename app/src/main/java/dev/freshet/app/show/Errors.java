package dev.freshet.app.show;

import dev.freshet.FreshetException;
import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.ProblemText;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

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
      case UncheckedIOException file -> Problem.of(FILE, String.valueOf(file.getMessage()));
      default ->
          Problem.of(INTERNAL, thrown.toString().lines().findFirst().orElse("unknown"))
              .withDetail("This is a defect of Freshet, not of your view.")
              .withHint("Run again with FRESHET_TRACE=1 and report the output.");
    };
  }

  public static boolean isInternal(Problem problem) {
    return problem.sqlState().equals(INTERNAL);
  }

  private static String painted(Problem problem, Screen screen) {
    String text = ProblemText.of(problem);
    return text.replaceFirst("ERROR:", screen.paint(Ink.RED, "ERROR:"));
  }

  private static String jsonOf(Problem problem) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("severity", "ERROR");
    error.put("sql_state", problem.sqlState());
    error.put("message", problem.message());
    putIfKnown(error, "detail", problem.detail());
    putIfKnown(error, "hint", problem.hint());
    putIfKnown(error, "position", problem.position());
    return Json.text(Map.of("error", error));
  }

  private static void putIfKnown(
      Map<String, Object> error, String key, @org.jspecify.annotations.Nullable Object value) {
    if (value != null) {
      error.put(key, value);
    }
  }
}
