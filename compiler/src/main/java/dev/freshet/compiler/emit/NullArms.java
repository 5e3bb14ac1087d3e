package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Compares keys so that NULLs agree with one another and an index still serves, which it does not
/// for `IS NOT DISTINCT FROM`: one condition for each set of key columns that are NULL.
final class NullArms {
  private static final int MOST_NULLABLE = 3;

  private NullArms() {}

  /// A column of a row and a column of a key.
  ///
  /// @param type of both
  /// @param nullable both may be NULL
  record Pair(String row, String key, ColumnType type, boolean nullable) {
    String equal() {
      return row + " " + type.equals() + " " + key;
    }

    /// Agrees for NULLs, too.
    String same() {
      return nullable
          ? "(%s OR (%s IS NULL AND %s IS NULL))".formatted(equal(), row, key)
          : equal();
    }
  }

  /// One case.
  ///
  /// @param match the condition on the row and the key
  /// @param guard on the key alone; empty if there is only one case
  record Arm(String match, String guard) {
    String both() {
      return guard.isEmpty() ? match : match + " AND " + guard;
    }
  }

  /// Cases of which exactly one applies to a key.
  static List<Arm> of(List<Pair> pairs) {
    List<Pair> nullable = pairs.stream().filter(Pair::nullable).toList();
    if (areMany(nullable.size())) {
      return anyNull(pairs, nullable);
    }
    List<Arm> arms = new ArrayList<>();
    for (int mask = 0; mask < 1 << nullable.size(); mask++) {
      arms.add(arm(pairs, nullable, mask));
    }
    return arms;
  }

  /// Whether so many columns may be NULL that there is no case for each set of them.
  static boolean areMany(long nullable) {
    return nullable > MOST_NULLABLE;
  }

  private static Arm arm(List<Pair> pairs, List<Pair> nullable, int mask) {
    List<String> match = new ArrayList<>();
    List<String> guard = new ArrayList<>();
    for (Pair pair : pairs) {
      int place = nullable.indexOf(pair);
      boolean isNull = place >= 0 && (mask >> place & 1) == 1;
      match.add(isNull ? pair.row() + " IS NULL" : pair.equal());
      if (place >= 0) {
        guard.add(pair.key() + (isNull ? " IS NULL" : " IS NOT NULL"));
      }
    }
    return new Arm(
        match.isEmpty() ? "true" : String.join(" AND ", match), String.join(" AND ", guard));
  }

  private static List<Arm> anyNull(List<Pair> pairs, List<Pair> nullable) {
    String anyNull =
        nullable.stream().map(p -> p.key() + " IS NULL").collect(Collectors.joining(" OR "));
    String equal = pairs.stream().map(Pair::equal).collect(Collectors.joining(" AND "));
    return List.of(
        new Arm(equal, "(" + anyNull + ") IS FALSE"), new Arm(same(pairs), "(" + anyNull + ")"));
  }

  /// Agrees for NULLs, too. By the hash the planner can join, and an index on it serves, which it
  /// does not for OR.
  static String same(List<Pair> pairs) {
    List<Pair> hashable = pairs.stream().filter(pair -> pair.type().hashable()).toList();
    Stream<String> hash =
        hashable.isEmpty()
            ? Stream.empty()
            : Stream.of(
                RowHash.of(hashable.stream().map(Pair::row))
                    + " OPERATOR(pg_catalog.=) "
                    + RowHash.of(hashable.stream().map(Pair::key)));
    return Stream.concat(hash, pairs.stream().map(Pair::same)).collect(Collectors.joining(" AND "));
  }
}
