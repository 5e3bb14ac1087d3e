package dev.freshet.compiler;

/// SQL that the compiler refuses, with the reason and the place.
public final class CompileException extends RuntimeException {
  private final transient Problem problem;

  public CompileException(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
