package dev.freshet.compiler;

import org.jspecify.annotations.Nullable;

/// What went wrong, in the shape in which PostgreSQL reports an error.
///
/// @param sqlState five-character error code
/// @param message one factual sentence, lower case, without a period
/// @param detail more facts, in sentences
/// @param hint what to do about it, in sentences
/// @param position where in the statement, counted in characters from 1; 0 means nowhere
public record Problem(
    String sqlState, String message, @Nullable String detail, @Nullable String hint, int position) {

  public Problem {
    if (sqlState.length() != 5) {
      throw new IllegalArgumentException("not an SQLSTATE: \"" + sqlState + "\"");
    }
    if (message.isBlank()) {
      throw new IllegalArgumentException("a problem needs a message");
    }
    if (position < 0) {
      throw new IllegalArgumentException("negative position: " + position);
    }
  }
}
