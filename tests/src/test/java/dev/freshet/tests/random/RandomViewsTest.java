package dev.freshet.tests.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.tests.random.WorldMaker.Played;
import dev.freshet.tests.random.query.Operator;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Plays random worlds, two at a time, until there were enough of them. Everything follows from the
/// seed of a world. What goes wrong is made small and written into `target/random/SEED.test`.
///
/// `-Dfreshet.random.seed=42 -Dfreshet.random.views=1` plays one world;
/// `-Dfreshet.random.duration=PT10M` goes on for ten minutes;
/// `-Dfreshet.random.operators=FILTER,SUM` restricts what queries are made of. See [Settings].
final class RandomViewsTest {
  private static final int WORKERS = 2;

  /// How many steps a whole run must have, and how many by the strategy that was asked for.
  private static final int FEWEST_STEPS = 10_000;

  private static final int FEWEST_AS_ASKED = 8000;

  /// In how many steps of a whole run each of [Followed#EXPECTED] must change its view, and changes
  /// must be given up midway.
  private static final int FEWEST_EACH = 5;

  private static final Path FOLDER = Path.of("target", "random");

  private final Settings settings = Settings.ofProperties();
  private final Coverage coverage = new Coverage();
  private final AtomicLong nextSeed = new AtomicLong(settings.seed());
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final long end = System.nanoTime() + settings.duration().toNanos();

  @Test
  void viewsEqualTheirQueries() throws Exception {
    try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        running.add(workers.submit(this::work));
      }
      for (Future<?> worker : running) {
        worker.get();
      }
    } finally {
      Files.createDirectories(FOLDER);
      Files.writeString(FOLDER.resolve("coverage.txt"), coverage.text());
    }
    System.out.println(coverage.summary());
    assertThat(failures).isEmpty();
    if (settings.isWhole()) {
      assertThat(coverage.steps()).isGreaterThanOrEqualTo(FEWEST_STEPS);
      assertThat(coverage.steps(settings.strategy())).isGreaterThan(FEWEST_AS_ASKED);
      assertThat(Operator.DECLINED).containsAll(coverage.missing(settings.strategy()));
    }
    if (settings.isWhole() && settings.isRefreshed()) {
      assertThat(coverage.rare(Followed.EXPECTED, FEWEST_EACH)).isEmpty();
      assertThat(coverage.handedOver()).isGreaterThanOrEqualTo(FEWEST_EACH);
    }
  }

  private Void work() throws SQLException, IOException {
    while (goesOn()) {
      live(nextSeed.getAndIncrement());
    }
    return null;
  }

  private boolean goesOn() {
    boolean enough =
        settings.duration().isZero()
            ? coverage.views() >= settings.views()
            : System.nanoTime() > end;
    return !enough && failures.size() < settings.failures();
  }

  private void live(long seed) throws SQLException, IOException {
    List<Integer> majors = TestServer.majors();
    int major = majors.get((int) (seed % majors.size()));
    TestServer server = TestServer.shared(major);
    Played played;
    try (TestDatabase database = server.createDatabase()) {
      played = new WorldMaker(settings, coverage).make(seed, database, major);
    } catch (SQLException e) {
      throw new IllegalStateException("seed %d on PostgreSQL %d".formatted(seed, major), e);
    }
    if (played.finding().isPresent()) {
      failures.add(report(seed, major, new Shrinker(server, played, settings).shrink()));
    }
  }

  private static String report(long seed, int major, Played failed) throws IOException {
    String finding = failed.finding().orElseThrow().toString();
    failed.script().comment("seed %d on PostgreSQL %d: %s".formatted(seed, major, finding));
    Files.createDirectories(FOLDER);
    Path file = FOLDER.resolve(seed + ".test");
    String text = failed.script().text();
    Files.writeString(file, text);
    return "-Dfreshet.random.seed=%d on PostgreSQL %d: %s%n%s:%n%s"
        .formatted(seed, major, finding, file, text);
  }
}
