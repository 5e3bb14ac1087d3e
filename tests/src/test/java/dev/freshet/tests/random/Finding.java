package dev.freshet.tests.random;

/// Something that must not happen.
///
/// @param view the view that it happened to; empty if it happened to a change
/// @param round number of the round, from 0
record Finding(Kind kind, String view, int round, String message) {
  /// What went wrong.
  enum Kind {
    WRONG_ROWS,
    /// The incremental refresh gave way to another one for no good reason.
    FELL_BACK,
    REFRESH_FAILED,
    /// A change failed that would not fail without the view.
    CHANGE_FAILED,
    CREATION_FAILED
  }

  @Override
  public String toString() {
    return "%s in round %d: %s %s".formatted(kind, round, view, message);
  }
}
