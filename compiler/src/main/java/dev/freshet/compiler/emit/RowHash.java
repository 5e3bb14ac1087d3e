package dev.freshet.compiler.emit;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A number by which rows are found or told apart: those that are equal have the same, NULLs
/// included, and an index on it serves.
final class RowHash {
  private RowHash() {}

  /// The expression.
  ///
  /// @param values of types that can be hashed
  static String of(Stream<String> values) {
    return of(values, 0);
  }

  /// As above, with another number for the same rows.
  static String of(Stream<String> values, int seed) {
    return values.collect(
        Collectors.joining(", ", "pg_catalog.hash_record_extended(ROW(", "), %d)".formatted(seed)));
  }
}
