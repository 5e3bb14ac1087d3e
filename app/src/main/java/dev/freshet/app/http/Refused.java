package dev.freshet.app.http;

import dev.freshet.compiler.Problem;

/// A request that is not served, with the status to say so.
final class Refused extends RuntimeException {
  private final int status;
  private final transient Problem problem;

  Refused(int status, Problem problem) {
    super(problem.message());
    this.status = status;
    this.problem = problem;
  }

  Answer answer() {
    return Answer.problem(status, problem);
  }
}
