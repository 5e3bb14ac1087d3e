package dev.freshet.tests.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.Progress;
import dev.freshet.RefreshRequest;
import dev.freshet.tests.fixture.Leftovers;
import dev.freshet.tests.fixture.Oracle;
import dev.freshet.tests.server.Await;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Views are refreshed without a break while writers go on; now and then nobody commits for a
/// moment, and all views are compared with their queries.
///
/// `-Dfreshet.soak.duration=PT2H` goes on for two hours, `-Dfreshet.soak.seed=7` with other random
/// numbers. What the writers do is the same for a seed; how they meet is not.
final class SoakTest {
  /// Why refreshes after the first ones were not incremental, but for a busy machine.
  private static final String GAVE_WAY =
      """
      SELECT DISTINCT reason FROM freshet.refreshes
      WHERE strategy <> 'incremental' AND id > 16 AND reason NOT LIKE '%took longer than the whole query'\
      """;

  private static final int REFRESHES_BETWEEN_COMPARISONS = 10;
  private static final int KILLS = 6;
  private static final int LONGEST_LIFE_MILLIS = 2500;
  private static final int LONGEST_CLIENT_MILLIS = 600;

  private final Duration duration =
      Duration.parse(System.getProperty("freshet.soak.duration", "PT2M"));
  private final long seed = Long.getLong("freshet.soak.seed", 1);
  private final int major = TestServer.majors().getLast();

  @Test
  void viewsFollowWritersThatGoOn() throws SQLException {
    try (TestDatabase database = TestServer.shared(major).createDatabase()) {
      Workload.create(database);
      long comparisons = 0;
      long committed;
      try (Writers writers = Writers.start(database, major, seed)) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
          for (int i = 0; i < REFRESHES_BETWEEN_COMPARISONS; i++) {
            refreshAll(database);
          }
          compare(database, writers);
          comparisons++;
        }
        committed = writers.committed();
      }
      System.out.printf(
          "soak: %d transactions, %s refreshes, %d comparisons of all views, seed %d%n",
          committed, count(database, "true"), comparisons, seed);
      assertThat(comparisons).isPositive();
      assertThat(committed).isGreaterThan(100);
      assertThat(Integer.parseInt(count(database, "strategy = 'incremental'"))).isGreaterThan(100);
      assertThat(database.strings(GAVE_WAY)).isEmpty();
    }
  }

  @Test
  void viewsFollowThroughAServerThatIsKilled() throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    try (TestServer server = TestServer.own(major);
        TestDatabase database = server.createDatabase();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
      Workload.create(database);
      try (Writers writers = Writers.start(database, major, seed)) {
        for (int i = 0; i < KILLS; i++) {
          ScheduledFuture<?> kill = killLater(server, clock, random);
          refreshUntilItFails(database);
          kill.get();
          server.restart();
          compare(database, writers);
        }
      }
      assertThat(Integer.parseInt(count(database, "outcome = 'lost'"))).isPositive();
      assertThat(Integer.parseInt(count(database, "strategy = 'incremental'"))).isPositive();
    }
  }

  /// Clients that are killed at any point of a refresh, by any strategy. The server may end the
  /// refresh all the same, or roll it back.
  @Test
  void viewsFollowThroughClientsThatAreKilled() throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    try (TestDatabase database = TestServer.shared(major).createDatabase()) {
      Workload.create(database);
      try (Writers writers = Writers.start(database, major, seed)) {
        for (int i = 0; i < KILLS; i++) {
          try (RefreshLoop client = RefreshLoop.start(database.source(), seed + i)) {
            client.killAfter(random.nextInt(LONGEST_CLIENT_MILLIS));
          }
          compare(database, writers);
        }
      }
      Await.until(database, RefreshLoop.SESSIONS, "0");
      refreshAll(database);
      assertThat(database.strings("SELECT DISTINCT outcome FROM freshet.refreshes"))
          .doesNotContain("running");
      try (Connection connection = database.connect()) {
        assertThat(Leftovers.halfMade(connection)).isEmpty();
      }
    }
  }

  /// What a transaction has done to views is there after a crash if the transaction is, and only
  /// then.
  @Test
  void immediateViewsFollowThroughAServerThatIsKilled() throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    try (TestServer server = TestServer.own(major);
        TestDatabase database = server.createDatabase();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
      Workload.createImmediate(database);
      try (Writers writers = Writers.start(database, major, seed)) {
        for (int i = 0; i < KILLS; i++) {
          killLater(server, clock, random).get();
          server.restart();
          compareAtOnce(database);
        }
        assertThat(writers.committed()).isGreaterThan(KILLS); // a life can end before the first
      }
      compareAtOnce(database);
      assertThat(
              database.strings("SELECT failure FROM freshet.watermarks WHERE failure IS NOT NULL"))
          .isEmpty();
    }
  }

  private static ScheduledFuture<?> killLater(
      TestServer server, ScheduledExecutorService clock, SplittableRandom random) {
    return clock.schedule(
        server::kill, random.nextInt(500, LONGEST_LIFE_MILLIS), TimeUnit.MILLISECONDS);
  }

  private static void refreshUntilItFails(TestDatabase database) {
    try {
      while (true) {
        refreshAll(database);
      }
    } catch (FreshetException e) {
      assertThat(e.sqlState()).matches("08...|57P..");
    }
  }

  private static void refreshAll(TestDatabase database) {
    Freshet.connect(database.source())
        .refresh(RefreshRequest.all(), Progress.Listener.NONE, new Cancellation());
  }

  private static void compare(TestDatabase database, Writers writers) throws SQLException {
    writers.withoutCommits(() -> {
      refreshAll(database);
      compareAtOnce(database);
    });
  }

  /// Views that transactions maintain are right at every moment.
  private static void compareAtOnce(TestDatabase database) throws SQLException {
    try (Connection connection = database.connect()) {
      new Oracle(connection).check(true);
    }
  }

  private static String count(TestDatabase database, String condition) throws SQLException {
    return database.string("SELECT count(*) FROM freshet.refreshes WHERE " + condition);
  }
}
