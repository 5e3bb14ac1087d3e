package dev.freshet.tests.random.query;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The operators of a query, each with the one above it.
public final class Shape {
  private Shape() {}

  /// An operator and the one that takes its result.
  ///
  /// @param parent the name of an operator; empty for the root
  public record Place(Operator operator, String parent) {}

  /// The places of a tree, each once.
  public static Set<Place> places(Query query) {
    Set<Place> places = new LinkedHashSet<>();
    add(places, query, "");
    return places;
  }

  private static void add(Set<Place> places, Query query, String parent) {
    Operator operator = query.operator();
    places.add(new Place(operator, parent));
    calls(query).forEach(call -> addCall(places, call, operator.name()));
    query.inputs().forEach(input -> add(places, input, operator.name()));
  }

  private static void addCall(Set<Place> places, AggregateCall call, String parent) {
    places.add(new Place(call.operator(), parent));
    if (call.distinct()) {
      places.add(new Place(Operator.DISTINCT_AGGREGATE, parent));
    }
    if (call.filter().isPresent()) {
      places.add(new Place(Operator.FILTERED_AGGREGATE, parent));
    }
  }

  private static List<AggregateCall> calls(Query query) {
    return switch (query) {
      case Query.Group group -> group.calls();
      case Query.Lookup lookup -> List.of(lookup.call());
      default -> List.of();
    };
  }

  static boolean readsTable(Query query) {
    return query instanceof Query.Scan || query.inputs().stream().anyMatch(Shape::readsTable);
  }

  /// The names of the tables that a query reads.
  public static Stream<String> tables(Query query) {
    return query instanceof Query.Scan(String table)
        ? Stream.of(table)
        : query.inputs().stream().flatMap(Shape::tables).distinct();
  }
}
