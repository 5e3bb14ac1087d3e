package dev.freshet.tests.random;

import dev.freshet.compiler.sql.ViewOptions.HiddenState;
import dev.freshet.tests.random.change.Change;
import dev.freshet.tests.random.change.Round;
import dev.freshet.tests.random.change.Transaction;
import dev.freshet.tests.random.change.Transaction.Ending;
import dev.freshet.tests.random.query.Reductions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Scenarios that are one step smaller than another, larger steps first.
final class Smaller {
  private Smaller() {}

  static Stream<Scenario> than(Scenario scenario) {
    return Stream.of(
            fewerViews(scenario),
            FewerTables.than(scenario),
            shorter(scenario.rounds()).map(scenario::withRounds),
            shorter(scenario.beginning()).map(scenario::withBeginning),
            views(scenario),
            rounds(scenario),
            lists(scenario.beginning(), Smaller::transactions).map(scenario::withBeginning),
            FewerColumns.than(scenario))
        .flatMap(scenarios -> scenarios);
  }

  /// Without a view that no other one reads.
  private static Stream<Scenario> fewerViews(Scenario scenario) {
    return IntStream.range(0, scenario.views().size())
        .filter(_ -> scenario.views().size() > 1)
        .filter(place ->
            scenario.views().stream()
                .noneMatch(view -> view.views().contains(scenario.views().get(place).name())))
        .mapToObj(place ->
            scenario
                .withViews(without(scenario.views(), place, place + 1))
                .withRounds(
                    scenario.rounds().stream()
                        .map(round ->
                            new Round(
                                round.transactions(),
                                without(round.strategies(), place, place + 1)))
                        .toList()));
  }

  private static Stream<Scenario> views(Scenario scenario) {
    return IntStream.range(0, scenario.views().size())
        .boxed()
        .flatMap(place -> {
          RandomView view = scenario.views().get(place);
          Stream<RandomView> without =
              Stream.of(view.withoutIndex(), view.withState(HiddenState.KEPT))
                  .filter(other -> !other.equals(view));
          return Stream.concat(without, Reductions.of(view.query()).stream().map(view::withQuery))
              .map(smaller -> scenario.withViews(replaced(scenario.views(), place, smaller)));
        });
  }

  private static Stream<Scenario> rounds(Scenario scenario) {
    Stream<List<Round>> fewer =
        lists(
            scenario.rounds(),
            round ->
                Stream.concat(
                        shorter(round.transactions()),
                        lists(round.transactions(), Smaller::transactions))
                    .map(round::withTransactions));
    return fewer.map(scenario::withRounds);
  }

  private static Stream<Transaction> transactions(Transaction transaction) {
    Stream<Transaction> committed =
        transaction.ending() == Ending.COMMIT
            ? Stream.of()
            : Stream.of(new Transaction(transaction.changes(), Ending.COMMIT));
    return Stream.concat(
        committed,
        Stream.concat(
                shorter(transaction.changes()), lists(transaction.changes(), Smaller::changes))
            .filter(changes -> !changes.isEmpty())
            .map(changes -> new Transaction(changes, transaction.ending())));
  }

  private static Stream<Change> changes(Change change) {
    return switch (change) {
      case Change.Insert(var table, var columns, var rows, var conflict) ->
          shorter(rows)
              .filter(fewer -> !fewer.isEmpty())
              .map(fewer -> new Change.Insert(table, columns, fewer, conflict));
      case Change.Statement _ -> Stream.of();
      case Change.Undone(var changes) -> changes.stream();
    };
  }

  /// The list without one of its halves, quarters and so on, down to single elements.
  private static <T> Stream<List<T>> shorter(List<T> list) {
    return Stream.iterate(list.size(), size -> size > 0, size -> size / 2)
        .flatMap(size ->
            IntStream.iterate(0, start -> start < list.size(), start -> start + size)
                .mapToObj(start -> without(list, start, Math.min(start + size, list.size()))));
  }

  private static <T> List<T> without(List<T> list, int start, int end) {
    List<T> rest = new ArrayList<>(list.subList(0, start));
    rest.addAll(list.subList(end, list.size()));
    return List.copyOf(rest);
  }

  /// The list with one element in a smaller form.
  private static <T> Stream<List<T>> lists(List<T> list, Function<T, Stream<T>> smaller) {
    return IntStream.range(0, list.size())
        .boxed()
        .flatMap(
            place -> smaller.apply(list.get(place)).map(element -> replaced(list, place, element)));
  }

  private static <T> List<T> replaced(List<T> list, int place, T element) {
    List<T> copy = new ArrayList<>(list);
    copy.set(place, element);
    return List.copyOf(copy);
  }
}
