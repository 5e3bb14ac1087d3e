package dev.freshet.tests.soak;

import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.Progress;
import dev.freshet.RefreshRequest;
import dev.freshet.Strategy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/// A program that refreshes all views over and over, by one strategy or another, until it is
/// killed.
final class RefreshLoop implements AutoCloseable {
  private static final String SESSION = "refresh-loop";

  /// How many of its sessions there still are.
  static final String SESSIONS =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = '%s'"
          .formatted(SESSION);

  private static final List<Strategy> STRATEGIES =
      List.of(Strategy.INCREMENTAL, Strategy.CONCURRENT, Strategy.SWAP);

  private final Process process;

  private RefreshLoop(Process process) {
    this.process = process;
  }

  /// Returns when it has refreshed all views once.
  static RefreshLoop start(PGSimpleDataSource source, long seed) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RefreshLoop.class.getName(),
                source.getURL(),
                String.valueOf(source.getUser()),
                String.valueOf(source.getPassword()),
                String.valueOf(seed))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.getInputStream().read() < 0) {
      throw new IllegalStateException("the refreshes ended before they were killed");
    }
    return new RefreshLoop(process);
  }

  /// Kills it, as `kill -9` does.
  void killAfter(int milliseconds) throws InterruptedException {
    if (process.waitFor(milliseconds, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the refreshes ended before they were killed");
    }
    process.destroyForcibly().waitFor();
  }

  /// Arguments: JDBC URL, user, password, seed.
  public static void main(String[] arguments) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(arguments[0]);
    source.setUser(arguments[1]);
    source.setPassword(arguments[2]);
    source.setApplicationName(SESSION);
    SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[3]));
    refresh(source, Strategy.INCREMENTAL);
    System.out.println("refreshing");
    while (true) {
      refresh(source, STRATEGIES.get(random.nextInt(STRATEGIES.size())));
    }
  }

  private static void refresh(PGSimpleDataSource source, Strategy strategy) {
    Freshet.connect(source)
        .refresh(RefreshRequest.all().with(strategy), Progress.Listener.NONE, new Cancellation());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
