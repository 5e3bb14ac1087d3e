package dev.freshet.tests.random.query;

import dev.freshet.tests.random.table.DataType;
import java.util.ArrayList;
import java.util.List;

/// The columns that an expression can refer to.
record Scope(List<Output> left, List<Output> right) {
  static Scope of(List<Output> outputs) {
    return new Scope(outputs, List.of());
  }

  List<Output> both() {
    List<Output> all = new ArrayList<>(left);
    all.addAll(right);
    return all;
  }

  Output find(Scalar.Side side, DataType type, int number) {
    List<Output> wanted =
        switch (side) {
          case LEFT -> ofType(left, type);
          case RIGHT -> ofType(right, type);
          case BOTH -> ofType(both(), type);
        };
    List<Output> found = wanted.isEmpty() ? ofType(both(), type) : wanted;
    return found.isEmpty()
        ? new Output("NULL::" + type.sql(), "c", type, true)
        : found.get(number % found.size());
  }

  private static List<Output> ofType(List<Output> outputs, DataType type) {
    return outputs.stream().filter(output -> output.type() == type).toList();
  }
}
