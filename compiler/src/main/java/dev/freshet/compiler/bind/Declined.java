package dev.freshet.compiler.bind;

import java.io.Serial;

/// Part of a query is not maintained incrementally. The message says which and why, as the end of a
/// sentence.
public final class Declined extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public Declined(String reason) {
    super(reason);
  }

  public String reason() {
    return String.valueOf(getMessage());
  }
}
