package dev.freshet.compiler.sql;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.ProblemText;
import dev.freshet.compiler.SourcePosition;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Runs what must be refused.
final class Refused {
  private Refused() {}

  static Problem problem(ThrowingCallable call) {
    CompileException exception = catchThrowableOfType(CompileException.class, call);
    if (exception == null) {
      throw new AssertionError("not refused");
    }
    return exception.problem();
  }

  /// The place of a problem, counted from 1; 0 when it has none.
  static int character(Problem problem) {
    SourcePosition position = problem.position();
    return position == null ? 0 : position.character();
  }

  static String text(ThrowingCallable call) {
    return ProblemText.of(problem(call));
  }

  /// The problem of a view file, with the file's name left out.
  static String viewFile(String text) {
    return text(() -> ViewFile.parse("v.sql", text)).replaceFirst("v.sql:\\d+: ", "");
  }
}
