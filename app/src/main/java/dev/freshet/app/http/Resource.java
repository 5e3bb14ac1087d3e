package dev.freshet.app.http;

import java.util.List;

/// What a path means.
sealed interface Resource {
  /// `/health`
  record Health() implements Resource {}

  /// `/api/views`
  record Views() implements Resource {}

  /// `/api/views/{name}`
  record OneView(String name) implements Resource {}

  /// `/api/views/{name}/refreshes`
  record Refreshes(String view) implements Resource {}

  /// `/api/refreshes/{id}`
  record OneRefresh(String id) implements Resource {}

  /// Any other path.
  record None() implements Resource {}

  /// Reads a path.
  ///
  /// @param path decoded parts
  static Resource of(List<String> path) {
    if (path.equals(List.of("health"))) {
      return new Health();
    }
    if (path.size() < 2 || !path.getFirst().equals("api")) {
      return new None();
    }
    List<String> rest = path.subList(2, path.size());
    return switch (path.get(1)) {
      case "views" -> ofViews(rest);
      case "refreshes" -> rest.size() == 1 ? new OneRefresh(rest.getFirst()) : new None();
      default -> new None();
    };
  }

  private static Resource ofViews(List<String> rest) {
    return switch (rest.size()) {
      case 0 -> new Views();
      case 1 -> new OneView(rest.getFirst());
      case 2 -> rest.getLast().equals("refreshes") ? new Refreshes(rest.getFirst()) : new None();
      default -> new None();
    };
  }
}
