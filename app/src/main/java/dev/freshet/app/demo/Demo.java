package dev.freshet.app.demo;

import dev.freshet.ApplyOptions;
import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.Plan;
import dev.freshet.View;
import dev.freshet.app.demo.DemoReport.Trial;
import dev.freshet.app.postgres.ServerOptions;
import dev.freshet.app.show.Screen;
import dev.freshet.app.show.TaskProgress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The demo, told as a story. Start reading at [#run].
public final class Demo {
  private static final int RAW_RUNS = 3;
  private static final int VIEW_RUNS = 50;

  private final DemoOptions options;
  private final DemoStory story;
  private final Screen screen;
  private final Cancellation cancellation;

  public Demo(DemoOptions options, Screen screen, Cancellation cancellation) {
    this.options = options;
    this.story = new DemoStory(screen);
    this.screen = screen;
    this.cancellation = cancellation;
  }

  /// Runs it on the user's own embedded server.
  public DemoReport run(ServerConnector connector) throws SQLException {
    return run(DemoServer.options(options), connector);
  }

  /// Runs it on the server with these options.
  public DemoReport run(ServerOptions serverOptions, ServerConnector connector)
      throws SQLException {
    story.starting();
    try (DemoServer server = DemoServer.start(serverOptions, connector);
        Connection connection = server.dataSource().getConnection()) {
      Stage stage = new Stage(server.dataSource(), screen, cancellation);
      Freshet freshet = Freshet.connect(server.dataSource());
      DemoReport report = measure(stage, freshet, connection);
      story.ending(report, freshet.views(), server.url(), options);
      return report;
    }
  }

  private DemoReport measure(Stage stage, Freshet freshet, Connection connection)
      throws SQLException {
    install(freshet, connection);
    removeEarlierViews(freshet, connection);
    Shop shop = Shop.open(connection, options.orders(), screen);
    long items = shop.count("order_items");
    story.opened(options.orders(), items);
    Duration raw = computeReport(connection);
    story.rawReport(raw);
    story.creating();
    Duration created = create(freshet, raw);
    story.created(created);
    String read = "SELECT * FROM " + Report.VIEW + " ORDER BY 1 DESC, 2";
    Duration view = Timing.ofQuery(connection, read, VIEW_RUNS);
    story.viewRead(view, raw);
    Trials trials = new Trials(stage, shop, raw);
    story.refreshing(trials.newOrders());
    List<Trial> refreshes = trials.run(freshet, connection);
    story.refreshed(refreshes);
    return new DemoReport(options.orders(), items, raw, created, view, refreshes);
  }

  private Duration computeReport(Connection connection) throws SQLException {
    try (TaskProgress progress = new TaskProgress(screen)) {
      progress.onProgress(Stage.step("the report", "compute", Optional.empty()));
      return Timing.ofQuery(connection, Report.query(), RAW_RUNS);
    }
  }

  private Duration create(Freshet freshet, Duration expected) {
    long start = System.nanoTime();
    try (TaskProgress progress = new TaskProgress(screen)) {
      Plan plan = freshet.plan(List.of(Report.source()), ApplyOptions.of(Report.FILE));
      freshet.apply(plan, Stage.expecting(expected, progress), cancellation);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /// A catalog of another build goes, with its views: the server is the demo's own.
  private void install(Freshet freshet, Connection connection) throws SQLException {
    try {
      freshet.install();
    } catch (FreshetException e) {
      if (!e.sqlState().equals(Freshet.OTHER_CATALOG)) {
        throw e;
      }
      story.removing(e.problem().message());
      try (Statement statement = connection.createStatement()) {
        statement.execute("DROP SCHEMA freshet, freshet_data CASCADE");
      }
      freshet.install();
    }
  }

  /// Each run creates the view before the user's eyes.
  private static void removeEarlierViews(Freshet freshet, Connection connection)
      throws SQLException {
    freshet.view(Report.VIEW).map(View::name).ifPresent(freshet::drop);
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP MATERIALIZED VIEW IF EXISTS " + Report.NATIVE);
    }
  }
}
