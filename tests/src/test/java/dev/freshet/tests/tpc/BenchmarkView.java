package dev.freshet.tests.tpc;

import java.util.Optional;

/// A query of a benchmark as a view.
///
/// @param name such as `tpch_q02`
public record BenchmarkView(String name, String query) {
  private static final String LIMIT = "(?s)\\sLIMIT \\d+\\s*$";

  /// The view file.
  ///
  /// @param strategy option freshet.refresh
  public String file(String strategy) {
    return "CREATE MATERIALIZED VIEW %s WITH (freshet.refresh = '%s') AS\n%s;"
        .formatted(name, strategy, query);
  }

  /// The view of all rows, such as `tpch_q02_all`, if the query has a LIMIT.
  public Optional<BenchmarkView> withoutLimit() {
    String all = query.replaceFirst(LIMIT, "");
    return all.equals(query)
        ? Optional.empty()
        : Optional.of(new BenchmarkView(name + "_all", all));
  }
}
