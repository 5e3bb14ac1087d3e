package dev.freshet.tests.benchmark;

import java.io.IOException;

/// How long the launcher takes to show the help, with its caches warm.
final class StartUp {
  private static final int STARTS = 21;

  private StartUp() {}

  static void run(Report report) throws Exception {
    Rounds rounds = new Rounds().of("help", () -> start("--help"));
    rounds.run(3); // the first start may build, or make the cache
    Samples times = rounds.run(STARTS).of("help");
    Goal goal = new Goal.AtMost(400, " ms");
    report.section("Start-up");
    report.row("what", "median", "longest", "goal", "met");
    report.row("---", "---:", "---:", "---:", "---");
    report.row(
        "./freshet --help, warm, %d starts".formatted(STARTS),
        times.toString(),
        Samples.text(times.longest()),
        goal.text(),
        goal.verdict(times.median().toNanos() / 1e6));
  }

  private static void start(String argument) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("./freshet", argument)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException("./freshet " + argument + " ended with " + exit);
    }
  }
}
