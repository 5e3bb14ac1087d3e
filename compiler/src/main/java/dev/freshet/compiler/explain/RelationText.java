package dev.freshet.compiler.explain;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.List;

/// A relation as indented lines, inputs below the operator that reads them.
public final class RelationText {
  private final List<String> lines = new ArrayList<>();

  private RelationText() {}

  public static List<String> of(Relation relation) {
    RelationText text = new RelationText();
    text.add(relation, "", 0);
    return List.copyOf(text.lines);
  }

  private void add(Relation relation, String alias, int depth) {
    line(depth, alias + OperatorText.of(relation));
    OperatorText.values(relation).forEach(value -> line(depth + 2, value));
    for (Input input : References.inputs(relation)) {
      String name = relation instanceof Relation.Keyed ? "" : Quote.name(input.alias()) + ": ";
      add(input.relation(), name, depth + 1);
    }
  }

  private void line(int depth, String text) {
    lines.add("  ".repeat(depth) + text);
  }
}
