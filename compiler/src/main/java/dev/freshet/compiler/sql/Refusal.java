package dev.freshet.compiler.sql;

import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.Problem;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/// The errors of this package, worded as PostgreSQL words them.
final class Refusal {
  private static final String SYNTAX_ERROR = "42601";
  private static final String NOT_SUPPORTED = "0A000";

  private Refusal() {}

  /// The error that PostgreSQL's parser raises at a token.
  static CompileException syntax(SqlText source, Token token) {
    return syntax(source, "syntax error", Span.of(token));
  }

  /// As above, with another description such as `unterminated quoted string`.
  static CompileException syntax(SqlText source, String what, Span span) {
    String near = source.slice(span);
    String message =
        near.isEmpty() ? what + " at end of input" : what + " at or near \"" + near + "\"";
    return at(source, span, Problem.of(SYNTAX_ERROR, message));
  }

  /// Valid SQL that has no place here, or not yet.
  static CompileException notSupported(
      SqlText source, Span span, String message, @Nullable String hint) {
    return at(source, span, Problem.of(NOT_SUPPORTED, message).withHint(hint));
  }

  /// Text that is nested deeper than this thread can follow.
  static CompileException tooDeep(SqlText source, Token token) {
    Problem problem =
        Problem.of("54001", "stack depth limit exceeded")
            .withHint("Write the statement with fewer operators or parentheses inside each other.");
    return at(source, Span.of(token), problem);
  }

  static CompileException at(SqlText source, Span span, Problem problem) {
    return new CompileException(problem.at(source.position(span)));
  }
}
