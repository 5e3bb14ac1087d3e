package dev.freshet.tests.random;

import dev.freshet.FreshetException;
import dev.freshet.compiler.sql.ViewOptions.HiddenState;
import dev.freshet.tests.random.change.History;
import dev.freshet.tests.random.change.Round;
import dev.freshet.tests.random.change.Transaction;
import dev.freshet.tests.random.query.QueryGenerator;
import dev.freshet.tests.random.table.Table;
import dev.freshet.tests.random.table.Tables;
import dev.freshet.tests.server.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Makes up a world while it is played, since a view that is declined is replaced by another one.
final class WorldMaker {
  private static final int VIEWS = 6;
  private static final int ROUNDS = 40;
  private static final int TRIES = 8;
  private static final int FIRST_MERGE = 15;
  private static final String DECLINED = "0A000";
  private static final List<String> OTHER_STRATEGIES =
      List.of("auto", "auto", "auto", "concurrent", "swap", "full");

  private final Settings settings;
  private final Coverage coverage;

  WorldMaker(Settings settings, Coverage coverage) {
    this.settings = settings;
    this.coverage = coverage;
  }

  /// What was played, and what was wrong at its end.
  record Played(Scenario scenario, Optional<Finding> finding, Script script) {}

  /// Makes the world of this seed in a new database.
  Played make(long seed, TestDatabase database, int major) throws SQLException {
    Random random = new Random(seed);
    List<Table> tables = Tables.of(random, settings.columns());
    History history = new History(random, tables, major >= FIRST_MERGE);
    List<Transaction> beginning = history.beginning();
    try (World world = new World(database, tables, settings.sabotage())) {
      Optional<Finding> finding = world.perform(beginning, 0);
      List<RandomView> views = new ArrayList<>();
      for (int number = 1; number <= VIEWS && finding.isEmpty(); number++) {
        finding = create(world, random.nextLong(), number, views);
      }
      List<Round> rounds = new ArrayList<>();
      while (finding.isEmpty() && rounds.size() < ROUNDS && !views.isEmpty()) {
        rounds.add(history.round(views.size(), settings.strategy(), OTHER_STRATEGIES));
        finding = world.play(views, rounds.getLast(), rounds.size() - 1, coverage);
      }
      return new Played(new Scenario(tables, beginning, views, rounds), finding, world.script());
    }
  }

  /// Adds one view, if one of several tries is not declined.
  private Optional<Finding> create(World world, long seed, int number, List<RandomView> views)
      throws SQLException {
    Random random = new Random(seed);
    QueryGenerator queries = new QueryGenerator(random, world.tables(), settings.operators());
    for (int attempt = 0; attempt < TRIES; attempt++) {
      String name = "v" + (number * TRIES + attempt);
      boolean indexed = random.nextInt(3) == 0;
      HiddenState state = random.nextBoolean() ? HiddenState.KEPT : HiddenState.NONE;
      RandomView view = settings.view(name, queries.grow(), state, indexed);
      if (attempt < TRIES - 1 && world.isEmpty(view)) {
        continue;
      }
      try {
        world.create(view);
        coverage.addView(view);
        views.add(view);
        return Optional.empty();
      } catch (RuntimeException e) {
        if (!(e instanceof FreshetException refusal && refusal.sqlState().equals(DECLINED))) {
          views.add(view);
          return Optional.of(world.notCreated(view, e));
        }
        coverage.addDeclined(String.valueOf(refusal.problem().detail()));
      }
    }
    return Optional.empty();
  }
}
