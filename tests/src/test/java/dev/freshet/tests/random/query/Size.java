package dev.freshet.tests.random.query;

import java.util.List;

/// How many rows a query may return, roughly, so that a random world stays quick.
final class Size {
  private static final long TABLE = 12;
  private static final long VALUES = 4;

  private Size() {}

  /// The largest number of rows of any part of the query.
  static long of(Query query) {
    long largest = rows(query);
    for (Query input : query.inputs()) {
      largest = Math.max(largest, of(input));
    }
    return largest;
  }

  private static long rows(Query query) {
    List<Long> in = query.inputs().stream().map(Size::rows).toList();
    return switch (query) {
      case Query.Scan _ -> TABLE;
      case Query.Values _, Query.Series _ -> VALUES;
      case Query.Join join ->
          switch (join.kind()) {
            case CROSS, THETA -> in.get(0) * in.get(1);
            default -> Math.max(in.get(0) * in.get(1) / 3, in.get(0) + in.get(1));
          };
      case Query.Shared shared -> shared.twice() ? in.get(0) * in.get(0) / 3 : in.get(0);
      case Query.Unnest _ -> in.get(0) * 2;
      case Query.Combine _ -> in.get(0) + in.get(1);
      case Query.Group group ->
          group.keys().isEmpty()
              ? 1
              : Math.min(in.get(0), group.grouping() == Query.Grouping.GROUP_BY ? 30 : 60);
      case Query.Limit limit -> limit.rows();
      default -> in.get(0);
    };
  }
}
