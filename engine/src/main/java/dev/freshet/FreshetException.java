package dev.freshet;

import dev.freshet.compiler.Problem;
import org.jspecify.annotations.Nullable;

/// Why a task of Freshet was not done, in PostgreSQL's shape. Nothing was changed unless the
/// problem says so.
public final class FreshetException extends RuntimeException {
  private final transient Problem problem;

  public FreshetException(Problem problem) {
    this(problem, null);
  }

  public FreshetException(Problem problem, @Nullable Throwable cause) {
    super(problem.message(), cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  /// SQLSTATE, five characters.
  public String sqlState() {
    return problem.sqlState();
  }
}
