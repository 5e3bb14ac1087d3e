package dev.freshet.app.demo;

import dev.freshet.Freshet;
import dev.freshet.RefreshReport;
import dev.freshet.RefreshRequest;
import dev.freshet.RefreshWork;
import dev.freshet.Strategy;
import dev.freshet.app.demo.DemoReport.Trial;
import dev.freshet.app.show.TaskProgress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Refreshes the report in every way, each after new orders, each beside a reader.
final class Trials {
  /// One order in a hundred is new before each refresh.
  private static final int NEW_ORDERS_SHARE = 100;

  private static final List<Strategy> STRATEGIES =
      List.of(Strategy.FULL, Strategy.CONCURRENT, Strategy.SWAP, Strategy.TOP_OFF, Strategy.AUTO);

  private final Stage stage;
  private final Shop shop;
  private final Duration expected;

  /// @param expected how long the report takes, which is about what a refresh takes
  Trials(Stage stage, Shop shop, Duration expected) {
    this.stage = stage;
    this.shop = shop;
    this.expected = expected;
  }

  long newOrders() {
    return Math.max(1, shop.orders() / NEW_ORDERS_SHARE);
  }

  List<Trial> run(Freshet freshet, Connection connection) throws SQLException {
    List<Trial> trials = new ArrayList<>();
    for (Strategy strategy : STRATEGIES) {
      shop.addOrders(newOrders());
      trials.add(byFreshet(freshet, strategy));
    }
    createNative(connection);
    for (String option : List.of("", "CONCURRENTLY ")) {
      shop.addOrders(newOrders());
      trials.add(byPostgres(connection, option));
    }
    return trials;
  }

  private Trial byFreshet(Freshet freshet, Strategy strategy) throws SQLException {
    try (Poller poller = Poller.start(stage.dataSource(), Report.VIEW);
        TaskProgress progress = new TaskProgress(stage.screen())) {
      RefreshRequest request = RefreshRequest.of(Report.VIEW).with(strategy).withOrigin("demo");
      RefreshReport report = freshet.refresh(request, progress, stage.cancellation()).getLast();
      return trial(strategy, report, poller.longestPause());
    }
  }

  private static Trial trial(Strategy asked, RefreshReport report, Duration pause) {
    String applied = report.applied().map(Strategy::label).orElse("");
    return new Trial(
        asked.label().equals(applied) ? applied : asked.label() + " > " + applied,
        Optional.of(changed(report.work())),
        report.duration().orElse(Duration.ZERO),
        pause,
        report.asOf(),
        report.reason());
  }

  /// A row that is replaced counts once, whether in place or by a new one.
  private static long changed(RefreshWork work) {
    return work.updated() + Math.max(work.inserted(), work.deleted());
  }

  /// The same view as PostgreSQL has it, for comparison.
  private void createNative(Connection connection) throws SQLException {
    try (TaskProgress progress = new TaskProgress(stage.screen());
        Statement statement = connection.createStatement()) {
      progress.onProgress(
          Stage.step("native materialized view, to compare", "create", Optional.of(expected)));
      statement.execute("DROP MATERIALIZED VIEW IF EXISTS " + Report.NATIVE);
      statement.execute("CREATE MATERIALIZED VIEW " + Report.NATIVE + " AS " + Report.query());
      statement.execute("CREATE UNIQUE INDEX ON " + Report.NATIVE + " (month, category)");
      statement.execute("CREATE INDEX ON " + Report.NATIVE + " (category)");
      statement.execute("ANALYZE " + Report.NATIVE);
    }
  }

  private Trial byPostgres(Connection connection, String option) throws SQLException {
    String way = "native " + (option.isEmpty() ? "REFRESH" : option.strip());
    try (Poller poller = Poller.start(stage.dataSource(), Report.NATIVE);
        TaskProgress progress = new TaskProgress(stage.screen());
        Statement statement = connection.createStatement()) {
      progress.onProgress(Stage.step(way, "refresh", Optional.of(expected)));
      Instant asOf = stage.screen().now();
      long start = System.nanoTime();
      statement.execute("REFRESH MATERIALIZED VIEW " + option + Report.NATIVE);
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      Duration pause = poller.longestPause();
      return new Trial(way, Optional.empty(), time, pause, Optional.of(asOf), "");
    }
  }
}
