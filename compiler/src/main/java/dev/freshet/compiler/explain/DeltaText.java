package dev.freshet.compiler.explain;

import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.explain.Operator.Maintenance;
import java.util.ArrayList;
import java.util.List;

/// The operators of a view as indented lines, each with the way in which it follows changes.
public final class DeltaText {
  private DeltaText() {}

  /// Every operator with what is below it.
  ///
  /// @param places where the operators stand in the user's text
  public static List<String> of(IncrementScript script, SourceLines places) {
    List<String> lines = new ArrayList<>();
    for (Operator operator : Operators.of(script)) {
      String indent = "  ".repeat(operator.depth());
      lines.add(indent + headline(operator) + places.of(operator.relation()));
      operator.values().forEach(value -> lines.add(indent + "    " + value));
    }
    return lines;
  }

  private static String headline(Operator operator) {
    String name = OperatorText.of(operator.relation());
    return operator.relation() instanceof Scan
        ? "changes of " + name
        : name
            + ": "
            + operator.maintenance().label()
            + (operator.maintenance() == Maintenance.CONSTANT ? "" : "; " + operator.why());
  }
}
