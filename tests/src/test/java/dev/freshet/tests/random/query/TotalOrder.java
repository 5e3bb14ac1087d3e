package dev.freshet.tests.random.query;

import java.util.ArrayList;
import java.util.List;

/// Sort keys that leave no two different rows in an order of chance.
final class TotalOrder {
  private TotalOrder() {}

  /// All columns, then the texts of those whose equal values can look different.
  static String of(List<Output> outputs) {
    List<String> keys = new ArrayList<>(outputs.stream().map(Output::sql).toList());
    outputs.stream()
        .filter(output -> !output.type().hasEqualImages())
        .map(output -> "(%s)::text".formatted(output.sql()))
        .forEach(keys::add);
    return String.join(", ", keys);
  }
}
