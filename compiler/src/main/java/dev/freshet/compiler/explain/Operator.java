package dev.freshet.compiler.explain;

import dev.freshet.compiler.algebra.Relation;
import java.util.List;

/// One operator of a view and how it follows changes.
///
/// @param depth how far it stands below the view itself, from 0
/// @param relation the operator with what is below it
/// @param maintenance how its rows are kept up to date
/// @param why what is done, as the end of a sentence
/// @param values what becomes of single values that it computes
public record Operator(
    int depth, Relation relation, Maintenance maintenance, String why, List<String> values) {
  public Operator {
    values = List.copyOf(values);
  }

  /// How an operator follows changes.
  public enum Maintenance {
    /// changed rows come from the log of a table
    CAPTURED("captured"),
    /// its rows never change
    CONSTANT("constant"),
    /// what comes and goes is computed from the changes alone
    ALGEBRA("algebra"),
    /// the rows of the keys that changes touch are computed anew
    AFFECTED_KEYS("affected keys"),
    /// all its rows are computed anew after any change
    FULL("in full");

    private final String label;

    Maintenance(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
