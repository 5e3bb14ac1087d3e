package dev.freshet.app.command;

/// A command line whose parts do not fit together.
final class UsageProblem extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageProblem(String message) {
    super(message);
  }
}
