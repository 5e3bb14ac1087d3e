package dev.freshet.compiler.emit;

import java.util.List;
import java.util.stream.Stream;

/// The texts of which the numbers of one aggregate are made, over rows `i`.
///
/// @param stem of the names of columns
/// @param filter empty without one
/// @param present whether the argument is never NULL
record AggregateTerms(String stem, String argument, String filter, boolean present) {
  String filtered(String... conditions) {
    List<String> all =
        Stream.concat(Stream.of(conditions), Stream.of(filter)).filter(c -> !c.isEmpty()).toList();
    return all.isEmpty() ? "" : " FILTER (WHERE " + String.join(" AND ", all) + ")";
  }

  GroupState.Part counter(String suffix, String condition) {
    String name = stem + suffix;
    return new GroupState.Part(
        name,
        "count(*)" + filtered(condition),
        "coalesce(sum(i." + Staging.M + ")" + filtered(condition) + ", 0)::bigint",
        "coalesce(s." + name + ", 0) + d." + name);
  }

  /// Of how many rows the argument is not NULL.
  Counter notNulls() {
    if (present && filter.isEmpty()) {
      return new Counter(GroupStorage.COUNT, List.of());
    }
    GroupState.Part part = counter("_count", present ? "" : argument + " IS NOT NULL");
    return new Counter(part.name(), List.of(part));
  }

  /// A number of rows.
  ///
  /// @param name of its column
  /// @param parts what is kept for it: nothing where all rows of the group count
  record Counter(String name, List<GroupState.Part> parts) {
    List<GroupState.Part> and(GroupState.Part... others) {
      return Stream.concat(parts.stream(), Stream.of(others)).toList();
    }
  }
}
