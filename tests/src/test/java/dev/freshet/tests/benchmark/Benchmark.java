package dev.freshet.tests.benchmark;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs the benchmarks and prints a report in Markdown. Start reading here.
@Command(
    name = "tests/benchmark",
    mixinStandardHelpOptions = true,
    description = "Measures Freshet beside PostgreSQL's own means and prints Markdown.")
final class Benchmark implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "PART",
      description =
          "report, diff, tpch, read, build, capture, layouts, incremental, immediate, realtime, bloat, start; all of them by default.")
  private List<String> parts =
      List.of(
          "report",
          "diff",
          "tpch",
          "read",
          "build",
          "capture",
          "layouts",
          "incremental",
          "immediate",
          "realtime",
          "bloat",
          "start");

  @Option(names = "--orders", description = "Orders in the shop. Default: ${DEFAULT-VALUE}.")
  private int orders = 3_000_000;

  @Option(names = "--rows", description = "Rows of the large views. Default: ${DEFAULT-VALUE}.")
  private int rows = 1_000_000;

  @Option(names = "--scale", description = "Gigabytes of TPC-H. Default: ${DEFAULT-VALUE}.")
  private double scale = 0.1;

  @Option(names = "--runs", description = "Runs of each refresh. Default: ${DEFAULT-VALUE}.")
  private int runs = 5;

  @Option(
      names = "--bloat-rows",
      description = "Rows of the bloat part. Default: ${DEFAULT-VALUE}.")
  private int bloatRows = 100_000;

  @Option(
      names = "--refreshes",
      description = "Refreshes of the bloat part. Default: ${DEFAULT-VALUE}.")
  private int refreshes = 200;

  @Option(
      names = "--fillfactors",
      split = ",",
      description = "Fill factors of the bloat part. Default: the storage's own.")
  private List<Integer> fillfactors = List.of(Bloat.DEFAULT_FILLFACTOR);

  @Option(
      names = "--url",
      paramLabel = "JDBC-URL",
      description =
          "A server to run on, by a role that may create a database there. Default: an embedded one.")
  private @Nullable String url;

  private Benchmark() {}

  public static void main(String... arguments) {
    System.exit(new CommandLine(new Benchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Report report = new Report(System.out);
    try (Database database = url == null ? Database.start() : Database.at(url)) {
      report.settings(database);
      for (String part : parts) {
        System.err.println("benchmark: " + part);
        run(part, database, report);
      }
    }
    return 0;
  }

  private void run(String part, Database database, Report report) throws Exception {
    switch (part) {
      case "report" -> new MonthlyReport(database, orders, runs).run(report);
      case "diff" -> new Diff(database, rows, runs).run(report);
      case "tpch" -> new TpchRefreshes(database, scale, runs).run(report);
      case "read" -> new Reading(database, rows).run(report);
      case "build" -> new FirstBuild(database, rows, runs).run(report);
      case "capture" -> new CaptureCost(database, runs).run(report);
      case "layouts" -> new LogLayouts(database, runs).run(report);
      case "incremental" -> new Incremental(database, rows, orders, runs).run(report);
      case "immediate" -> {
        new ImmediateCost(database, runs).run(report);
        new ImmediateCrowd(database, runs).run(report);
        new HotGroup(database, runs).run(report);
        new ImmediateReport(database, orders, runs).run(report);
      }
      case "realtime" -> new RealTimeReads(database, rows, runs).run(report);
      case "bloat" -> new Bloat(database, bloatRows, refreshes, fillfactors).run(report);
      case "start" -> StartUp.run(report);
      default -> throw new IllegalArgumentException("unknown part: " + part);
    }
  }
}
