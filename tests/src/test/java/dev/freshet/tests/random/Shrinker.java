package dev.freshet.tests.random;

import dev.freshet.tests.random.WorldMaker.Played;
import dev.freshet.tests.random.change.Round;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Makes a scenario smaller as long as the same kind of thing goes wrong. Start reading at
/// [#shrink].
final class Shrinker {
  private final TestServer server;
  private final Sabotage sabotage;
  private final long end;
  private final Set<Scenario> tried = new HashSet<>();
  private Played best;

  Shrinker(TestServer server, Played failed, Settings settings) {
    this.server = server;
    this.sabotage = settings.sabotage();
    this.end = System.nanoTime() + settings.shrink().toNanos();
    this.best = failed;
  }

  /// The smallest failure that was found.
  Played shrink() throws SQLException {
    isStillWrong(onlyWith(best.scenario(), best.finding().orElseThrow().view()));
    boolean smaller = true;
    while (smaller) {
      smaller = isShrunkOnce();
    }
    return best;
  }

  /// The scenario without views that a view does not read.
  private static Scenario onlyWith(Scenario scenario, String view) {
    Set<String> needed = new HashSet<>(Set.of(view));
    scenario.views().reversed().stream()
        .filter(other -> needed.contains(other.name()))
        .forEach(other -> needed.addAll(other.views()));
    List<Integer> places =
        IntStream.range(0, scenario.views().size())
            .filter(place -> needed.contains(scenario.views().get(place).name()))
            .boxed()
            .toList();
    return places.isEmpty()
        ? scenario
        : scenario
            .withViews(places.stream().map(scenario.views()::get).toList())
            .withRounds(
                scenario.rounds().stream()
                    .map(round ->
                        new Round(
                            round.transactions(),
                            places.stream().map(round.strategies()::get).toList()))
                    .toList());
  }

  private boolean isShrunkOnce() throws SQLException {
    Iterator<Scenario> candidates = Smaller.than(best.scenario()).iterator();
    while (candidates.hasNext() && System.nanoTime() < end) {
      if (isStillWrong(candidates.next())) {
        return true;
      }
    }
    return false;
  }

  private boolean isStillWrong(Scenario candidate) throws SQLException {
    if (!tried.add(candidate)) {
      return false;
    }
    Finding.Kind kind = best.finding().orElseThrow().kind();
    try (TestDatabase database = server.createDatabase();
        World world = new World(database, candidate.tables(), sabotage)) {
      Optional<Finding> finding = world.play(candidate);
      boolean same = finding.filter(found -> found.kind() == kind).isPresent();
      if (same) {
        best = new Played(candidate, finding, world.script());
      }
      return same;
    } catch (SQLException e) {
      return false;
    }
  }
}
