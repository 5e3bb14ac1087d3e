package dev.freshet.app.demo;

import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.RefreshReport;
import dev.freshet.RefreshRequest;
import dev.freshet.RefreshWork;
import dev.freshet.Strategy;
import dev.freshet.app.demo.DemoReport.Trial;
import dev.freshet.app.show.Bar;
import dev.freshet.app.show.Screen;
import dev.freshet.app.show.TaskProgress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/// Refreshes the report in every way, each after new orders, each beside a reader.
final class Trials {
  /// One order in a hundred is new before each refresh.
  private static final int NEW_ORDERS_SHARE = 100;

  private static final List<Strategy> STRATEGIES =
      List.of(Strategy.FULL, Strategy.CONCURRENT, Strategy.SWAP, Strategy.TOP_OFF, Strategy.AUTO);

  private final DataSource dataSource;
  private final Shop shop;
  private final long newOrders;
  private final Screen screen;
  private final Cancellation cancellation;

  Trials(DataSource dataSource, Shop shop, long orders, Screen screen, Cancellation cancellation) {
    this.dataSource = dataSource;
    this.shop = shop;
    this.newOrders = Math.max(1, orders / NEW_ORDERS_SHARE);
    this.screen = screen;
    this.cancellation = cancellation;
  }

  long newOrders() {
    return newOrders;
  }

  List<Trial> run(Freshet freshet, Connection connection) throws SQLException {
    List<Trial> trials = new ArrayList<>();
    for (Strategy strategy : STRATEGIES) {
      shop.addOrders(newOrders);
      trials.add(byFreshet(freshet, strategy));
    }
    createNative(connection);
    for (String refresh : List.of("REFRESH", "REFRESH CONCURRENTLY")) {
      shop.addOrders(newOrders);
      trials.add(byPostgres(connection, refresh));
    }
    return trials;
  }

  private Trial byFreshet(Freshet freshet, Strategy strategy) throws SQLException {
    try (Poller poller = Poller.start(dataSource, Report.VIEW);
        TaskProgress progress = new TaskProgress(screen)) {
      RefreshRequest request = RefreshRequest.of(Report.VIEW).with(strategy).withOrigin("demo");
      RefreshReport report = freshet.refresh(request, progress, cancellation).getLast();
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
    try (Bar bar = Bar.open(screen, "creating a native copy for comparison", -1);
        Statement statement = connection.createStatement()) {
      bar.stepTo(0);
      statement.execute("DROP MATERIALIZED VIEW IF EXISTS " + Report.NATIVE);
      statement.execute("CREATE MATERIALIZED VIEW " + Report.NATIVE + " AS " + Report.query());
      statement.execute("CREATE UNIQUE INDEX ON " + Report.NATIVE + " (month, category)");
      statement.execute("CREATE INDEX ON " + Report.NATIVE + " (category)");
      statement.execute("ANALYZE " + Report.NATIVE);
    }
  }

  private Trial byPostgres(Connection connection, String refresh) throws SQLException {
    String sql = refresh.replace("REFRESH", "REFRESH MATERIALIZED VIEW") + " " + Report.NATIVE;
    try (Poller poller = Poller.start(dataSource, Report.NATIVE);
        Bar bar = Bar.open(screen, "native " + refresh, -1);
        Statement statement = connection.createStatement()) {
      bar.stepTo(0);
      Instant asOf = screen.now();
      long start = System.nanoTime();
      statement.execute(sql);
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      return new Trial(
          "native " + refresh,
          Optional.empty(),
          time,
          poller.longestPause(),
          Optional.of(asOf),
          "PostgreSQL's own, for comparison");
    }
  }
}
