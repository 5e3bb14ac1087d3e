package dev.freshet;

import java.util.Arrays;
import java.util.Locale;

/// A stage of the way from the query of a view to the SQL that keeps it fresh.
public enum ExplainStage {
  /// the query as a tree of operators
  ALGEBRA,
  /// the same without columns that nobody uses
  SIMPLIFIED,
  /// how each operator follows changes
  DELTA,
  /// the function that applies changes
  SQL;

  /// Name for people, such as `delta`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static ExplainStage ofLabel(String label) {
    return Arrays.stream(values())
        .filter(stage -> stage.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown stage \"" + label + "\""));
  }
}
