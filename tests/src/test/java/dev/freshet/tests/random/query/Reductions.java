package dev.freshet.tests.random.query;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Queries that are one step smaller than another.
public final class Reductions {
  private Reductions() {}

  /// Larger steps first: a part in place of the whole, then smaller expressions, then the same
  /// within the inputs.
  public static List<Query> of(Query query) {
    List<Query> smaller = new ArrayList<>(query.inputs());
    smaller.addAll(expressions(query));
    List<Query> inputs = query.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      for (Query input : of(inputs.get(i))) {
        smaller.add(query.withInputs(Scalar.replaced(inputs, i, input)));
      }
    }
    return smaller;
  }

  private static List<Query> expressions(Query query) {
    return switch (query) {
      case Query.Project(Query in, var outputs) ->
          with(shorter(outputs, Scalar::reductions, 1), list -> new Query.Project(in, list));
      case Query.Filter(Query in, Scalar condition) ->
          with(condition.reductions(), simpler -> new Query.Filter(in, simpler));
      case Query.Join(var kind, Query left, Query right, Scalar condition) ->
          with(condition.reductions(), simpler -> new Query.Join(kind, left, right, simpler));
      case Query.Match(var kind, var left, var right, var condition, var tested, var member) ->
          with(
              condition.reductions(),
              simpler -> new Query.Match(kind, left, right, simpler, tested, member));
      case Query.Lookup(var left, var right, var call, var condition, var correlated) ->
          with(
              call.reductions(),
              simpler -> new Query.Lookup(left, right, simpler, condition, correlated));
      case Query.Group group -> ofGroup(group);
      case Query.Window(Query in, var calls) ->
          with(shorter(calls, _ -> List.of(), 1), list -> new Query.Window(in, list));
      case Query.Unnest(Query in, var elements) ->
          with(shorter(elements, Scalar::reductions, 1), list -> new Query.Unnest(in, list));
      case Query.Values(List<String> rows) ->
          with(shorter(rows, _ -> List.of(), 1), Query.Values::new);
      default -> List.of();
    };
  }

  private static List<Query> ofGroup(Query.Group group) {
    Query in = group.input();
    List<Query> smaller = new ArrayList<>();
    if (group.grouping() != Query.Grouping.GROUP_BY) {
      smaller.add(new Query.Group(in, group.keys(), group.calls(), Query.Grouping.GROUP_BY));
    }
    smaller.addAll(
        with(
            shorter(group.calls(), AggregateCall::reductions, 1),
            calls -> new Query.Group(in, group.keys(), calls, group.grouping())));
    smaller.addAll(
        with(
            shorter(group.keys(), Scalar::reductions, Math.min(1, group.keys().size())),
            keys -> new Query.Group(in, keys, group.calls(), group.grouping())));
    return smaller;
  }

  private static <T> List<Query> with(List<T> simpler, Function<T, Query> make) {
    return simpler.stream().map(make).toList();
  }

  /// The list without one element, or with one in a simpler form.
  private static <T> List<List<T>> shorter(
      List<T> list, Function<T, List<T>> reductions, int fewest) {
    List<List<T>> lists = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      if (list.size() > fewest) {
        List<T> without = new ArrayList<>(list);
        without.remove(i);
        lists.add(List.copyOf(without));
      }
    }
    for (int i = 0; i < list.size(); i++) {
      for (T simpler : reductions.apply(list.get(i))) {
        lists.add(Scalar.replaced(list, i, simpler));
      }
    }
    return lists;
  }
}
