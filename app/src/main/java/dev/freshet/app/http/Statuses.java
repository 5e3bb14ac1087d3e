package dev.freshet.app.http;

import dev.freshet.compiler.Problem;

/// The HTTP status of a problem, by its SQLSTATE.
final class Statuses {
  private Statuses() {}

  static int of(Problem problem) {
    return switch (problem.sqlState()) {
      case "42P01", "42704", "42809" -> 404;
      case "42501", "28000" -> 403;
      case "55006", "55P03", "40001" -> 409;
      case String state when state.startsWith("22") || state.startsWith("42") -> 400;
      case String state when state.startsWith("08") || state.startsWith("57P") -> 503;
      default -> 500;
    };
  }
}
