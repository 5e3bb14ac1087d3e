package dev.freshet.engine.install;

import dev.freshet.compiler.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;

/// Names of the indexes of a declared view; one without a name is told by its place.
final class DeclaredIndexes {
  private DeclaredIndexes() {}

  static String name(Statement.CreateIndex index, int place) {
    String name = index.head().name();
    return name == null ? "index_" + (place + 1) : name;
  }

  static List<String> names(List<Statement.CreateIndex> indexes) {
    return IntStream.range(0, indexes.size()).mapToObj(i -> name(indexes.get(i), i)).toList();
  }
}
