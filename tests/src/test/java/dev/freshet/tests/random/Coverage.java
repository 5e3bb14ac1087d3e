package dev.freshet.tests.random;

import dev.freshet.tests.random.query.Operator;
import dev.freshet.tests.random.query.Shape;
import dev.freshet.tests.random.query.Shape.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a run has seen. Safe for use by several threads.
final class Coverage implements World.Listener {
  private final Map<String, Integer> viewsByStrategy = new TreeMap<>();
  private final Map<String, Integer> stepsByStrategy = new TreeMap<>();
  private final Map<String, Integer> changingSteps = new TreeMap<>();
  private int reads;
  private int handedOver;
  private final Map<String, Integer> declined = new TreeMap<>();
  private final Map<Place, Map<String, Integer>> places = new HashMap<>();

  /// Steps that followed changes and changed the view.
  private final Map<Followed, Integer> followed = new HashMap<>();

  /// A view was created, and is maintained by this strategy.
  synchronized void addView(RandomView view) {
    viewsByStrategy.merge(view.strategy(), 1, Integer::sum);
  }

  /// A view was refreshed and is right.
  @Override
  public synchronized void checked(RandomView view, List<Followed> operators, Refreshed refreshed) {
    String strategy = refreshed.strategy();
    if (refreshed.changed() > 0) {
      changingSteps.merge(strategy, 1, Integer::sum);
    }
    if (refreshed.changed() > 0 && strategy.equals("incremental")) {
      operators.forEach(operator -> followed.merge(operator, 1, Integer::sum));
    }
    stepsByStrategy.merge(strategy, 1, Integer::sum);
    if (refreshed.reason().contains(PastCosts.HANDED_OVER)) {
      handedOver++;
    }
    for (Place place : Shape.places(view.query())) {
      places.computeIfAbsent(place, _ -> new TreeMap<>()).merge(strategy, 1, Integer::sum);
    }
  }

  @Override
  public synchronized void read(int views) {
    reads += views;
  }

  /// A view was not created.
  ///
  /// @param reason what it is, and after a second colon where
  synchronized void addDeclined(String reason) {
    String what =
        reason.replaceFirst("^([^:]*:[^:]*):.*", "$1").replaceFirst("column \\S+", "a column");
    declined.merge(what, 1, Integer::sum);
  }

  synchronized int views() {
    return sum(viewsByStrategy);
  }

  synchronized int steps() {
    return sum(stepsByStrategy);
  }

  /// Steps of all views that used this strategy.
  synchronized int steps(String strategy) {
    return stepsByStrategy.getOrDefault(strategy, 0);
  }

  /// Steps in which changes were given up because of what they touch.
  synchronized int handedOver() {
    return handedOver;
  }

  /// Operators of which no view was maintained by this strategy.
  synchronized Set<Operator> missing(String strategy) {
    Set<Operator> missing = EnumSet.allOf(Operator.class);
    places.forEach((place, strategies) -> {
      if (strategies.containsKey(strategy)) {
        missing.remove(place.operator());
      }
    });
    return missing;
  }

  /// Operators that followed changes of their view in fewer steps than these.
  synchronized Map<Followed, Integer> rare(List<Followed> operators, int steps) {
    Map<Followed, Integer> rare = new HashMap<>();
    for (Followed operator : operators) {
      int seen = followed.getOrDefault(operator, 0);
      if (seen < steps) {
        rare.put(operator, seen);
      }
    }
    return rare;
  }

  /// How much was seen, and what was declined, for people.
  synchronized String summary() {
    List<String> lines = new ArrayList<>();
    lines.add("views by strategy: " + viewsByStrategy);
    lines.add("checked steps by strategy: " + stepsByStrategy);
    lines.add("of these changed the view: " + changingSteps);
    lines.add("changes given up for what they touch: " + handedOver);
    lines.add("checked reads in real time: " + reads);
    lines.add("declined: " + sum(declined));
    declined.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .forEach(reason -> lines.add("%6d  %s".formatted(reason.getValue(), reason.getKey())));
    return String.join("\n", lines);
  }

  /// The same, with the checked steps of each place in a query.
  synchronized String text() {
    List<String> lines = new ArrayList<>();
    places.forEach((place, steps) ->
        lines.add("%-20s under %-20s %s".formatted(place.operator(), place.parent(), steps)));
    Collections.sort(lines);
    List<String> compiled =
        followed.entrySet().stream()
            .map(entry -> "%6d  %s".formatted(entry.getValue(), entry.getKey()))
            .sorted()
            .toList();
    return summary()
        + "\n\nchecked steps of an operator of the query under another one:\n"
        + String.join("\n", lines)
        + "\n\nsteps in which an operator, as it was compiled, changed its view:\n"
        + String.join("\n", compiled)
        + "\n";
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
