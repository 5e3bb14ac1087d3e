package dev.freshet.tests.random.change;

import java.util.List;

/// Changes that are committed or rolled back together.
public record Transaction(List<Change> changes, Ending ending) {
  /// How a transaction ends.
  public enum Ending {
    COMMIT,
    ROLLBACK,
    /// In a session of its own, which commits after the next refresh.
    COMMIT_LATER,
    /// The same, prepared for a two-phase commit.
    PREPARE
  }

  /// True if it is still open when views are refreshed.
  public boolean isHeld() {
    return ending == Ending.COMMIT_LATER || ending == Ending.PREPARE;
  }

  /// The statements in order, without BEGIN and the end.
  public List<String> statements() {
    return changes.stream().flatMap(change -> change.statements().stream()).toList();
  }
}
