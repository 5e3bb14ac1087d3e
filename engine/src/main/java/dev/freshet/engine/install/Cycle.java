package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.QualifiedName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Orders views so that each comes after those that it reads, and refuses views that read each
/// other.
final class Cycle {
  private static final String UNDEFINED_TABLE = "42P01";

  private Cycle() {}

  /// The error of a new view that cannot be read, or the cycle that is behind it.
  static FreshetException explain(List<QualifiedName> waiting, FreshetException failure) {
    boolean betweenThem =
        failure.sqlState().equals(UNDEFINED_TABLE)
            && waiting.stream()
                .anyMatch(name ->
                    failure.problem().message().contains("\"" + plain(name) + "\"")
                        || failure.problem().message().contains("\"" + name.name() + "\""));
    return betweenThem ? refuse(waiting) : failure;
  }

  /// The names in an order in which sources come first.
  ///
  /// @param sources what each view reads; names that are not keys do not matter
  static List<QualifiedName> order(Map<QualifiedName, Set<QualifiedName>> sources) {
    Set<QualifiedName> ordered = new LinkedHashSet<>();
    Deque<QualifiedName> path = new ArrayDeque<>();
    sources.keySet().forEach(name -> visit(name, sources, path, ordered));
    return List.copyOf(ordered);
  }

  private static void visit(
      QualifiedName name,
      Map<QualifiedName, Set<QualifiedName>> sources,
      Deque<QualifiedName> path,
      Set<QualifiedName> ordered) {
    if (path.contains(name)) {
      List<QualifiedName> cycle = new ArrayList<>(path).reversed();
      throw refuse(cycle.subList(cycle.indexOf(name), cycle.size()));
    }
    if (!sources.containsKey(name) || ordered.contains(name)) {
      return;
    }
    path.push(name);
    sources.getOrDefault(name, Set.of()).forEach(s -> visit(s, sources, path, ordered));
    path.pop();
    ordered.add(name);
  }

  private static FreshetException refuse(List<QualifiedName> views) {
    String names = views.stream().map(QualifiedName::sql).collect(Collectors.joining(", "));
    return new FreshetException(
        Problem.of("42P19", "materialized views read each other in a cycle")
            .withDetail("The views are " + names + ".")
            .withHint("Let one of them read the tables instead."));
  }

  private static String plain(QualifiedName name) {
    return name.schema() == null ? name.name() : name.schema() + "." + name.name();
  }
}
