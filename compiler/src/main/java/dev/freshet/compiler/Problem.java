package dev.freshet.compiler;

import org.jspecify.annotations.Nullable;

/// What went wrong, in the shape in which PostgreSQL reports an error.
///
/// @param sqlState five-character error code
/// @param message one factual sentence, lower case, without a period
/// @param detail more facts, in sentences
/// @param hint what to do about it, in sentences
/// @param position where in the user's text; null means nowhere
public record Problem(
    String sqlState,
    String message,
    @Nullable String detail,
    @Nullable String hint,
    @Nullable SourcePosition position) {

  public Problem {
    if (sqlState.length() != 5) {
      throw new IllegalArgumentException("not an SQLSTATE: \"" + sqlState + "\"");
    }
    if (message.isBlank()) {
      throw new IllegalArgumentException("a problem needs a message");
    }
  }

  /// A problem with a message only; add what is known with the methods below.
  public static Problem of(String sqlState, String message) {
    return new Problem(sqlState, message, null, null, null);
  }

  public Problem withDetail(@Nullable String detail) {
    return new Problem(sqlState, message, detail, hint, position);
  }

  public Problem withHint(@Nullable String hint) {
    return new Problem(sqlState, message, detail, hint, position);
  }

  public Problem at(@Nullable SourcePosition position) {
    return new Problem(sqlState, message, detail, hint, position);
  }
}
