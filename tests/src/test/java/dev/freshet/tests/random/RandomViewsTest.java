package dev.freshet.tests.random;

import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.Progress;
import dev.freshet.RefreshRequest;
import dev.freshet.Strategy;
import dev.freshet.tests.fixture.Oracle;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Small random worlds. Everything follows from the seed, which a failure prints with the script.
///
/// `-Dfreshet.seeds=500` runs more of them, `-Dfreshet.seed=42` runs one.
final class RandomViewsTest {
  private static final int VIEWS = 4;
  private static final int ROUNDS = 6;
  private static final List<Strategy> STRATEGIES =
      List.of(
          Strategy.CONCURRENT, Strategy.CONCURRENT, Strategy.SWAP, Strategy.FULL, Strategy.AUTO);

  static LongStream seeds() {
    Long one = Long.getLong("freshet.seed");
    return one != null
        ? LongStream.of(one)
        : LongStream.rangeClosed(1, Long.getLong("freshet.seeds", 12));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void viewsEqualTheirQueries(long seed) throws SQLException {
    List<Integer> majors = TestServer.majors();
    int major = majors.get((int) (seed % majors.size()));
    List<String> script = new ArrayList<>();
    try (TestDatabase database = TestServer.shared(major).createDatabase();
        Connection connection = database.connect()) {
      Freshet freshet = Freshet.connect(database.source());
      World world = new World(database, freshet, new Oracle(connection), script);
      world.live(new Random(seed));
    } catch (AssertionError | RuntimeException | SQLException e) {
      throw new AssertionError(
          "seed %d on PostgreSQL %d:%n%s%n%s"
              .formatted(seed, major, e.getMessage(), String.join(";\n", script)),
          e);
    }
  }

  /// One database and what was done to it.
  private record World(TestDatabase database, Freshet freshet, Oracle oracle, List<String> script) {

    void live(Random random) throws SQLException {
      for (String sql : RandomChange.tables()) {
        execute(sql);
      }
      change(random, 20);
      for (int i = 0; i < VIEWS; i++) {
        create(RandomView.of(random, "v" + i));
      }
      for (int round = 0; round < ROUNDS; round++) {
        change(random, 1 + random.nextInt(5));
        for (int i = 0; i < VIEWS; i++) {
          refresh("v" + i, STRATEGIES.get(random.nextInt(STRATEGIES.size())));
        }
      }
    }

    private void change(Random random, int times) throws SQLException {
      for (int i = 0; i < times; i++) {
        execute(RandomChange.of(random));
      }
    }

    private void create(RandomView view) throws SQLException {
      script.add(view.sql());
      freshet.create(view.sql());
      if (!view.imageDetermined()) {
        oracle.setUndetermined(view.name());
      }
      oracle.check(false);
    }

    private void refresh(String view, Strategy strategy) throws SQLException {
      script.add("CALL freshet.refresh('%s', '%s')".formatted(view, strategy.label()));
      freshet.refresh(
          RefreshRequest.of(view).with(strategy), Progress.Listener.NONE, new Cancellation());
      oracle.check(false);
    }

    private void execute(String sql) throws SQLException {
      script.add(sql);
      database.execute(sql);
    }
  }
}
