package dev.freshet.app.demo;

import dev.freshet.View;
import dev.freshet.app.demo.DemoReport.Trial;
import dev.freshet.app.show.Cell;
import dev.freshet.app.show.Column;
import dev.freshet.app.show.Ink;
import dev.freshet.app.show.Screen;
import dev.freshet.app.show.Table;
import dev.freshet.app.show.ViewTable;
import dev.freshet.app.show.Words;
import java.time.Duration;
import java.util.List;

/// What the demo tells while it runs; nothing of it in JSON.
final class DemoStory {
  /// A pause that nobody notices.
  private static final Duration SHORT = Duration.ofMillis(50);

  private final Screen screen;

  DemoStory(Screen screen) {
    this.screen = screen;
  }

  void starting() {
    screen.note("Starting a PostgreSQL of its own ...");
  }

  void removing(String why) {
    say("Removing what an earlier demo left: %s.".formatted(why));
  }

  void opened(long orders, long items) {
    say("A shop with %s orders and %s order items.".formatted(number(orders), number(items)));
  }

  void rawReport(Duration time) {
    title("1. The report, computed from the tables");
    say("Revenue by month and category takes " + bold(Words.duration(time)) + ".");
  }

  void creating() {
    title("2. The same report as a materialized view");
  }

  void created(Duration time) {
    say("freshet apply %s: %s.".formatted(Report.FILE, Words.duration(time)));
  }

  void viewRead(Duration view, Duration raw) {
    say(
        "Reading it takes %s: %s as fast."
            .formatted(bold(Words.duration(view)), bold(Words.ratio(raw, view))));
  }

  void refreshing(long newOrders) {
    title("3. New orders come in, and each strategy refreshes the view");
    say("Before each refresh come %s new orders.".formatted(number(newOrders)));
    say("Meanwhile a reader polls the view every 5 ms: its longest pause is shown.");
    say("");
  }

  void refreshed(List<Trial> trials) {
    if (screen.json()) {
      return;
    }
    Table table =
        Table.of(
            Column.text("strategy"),
            Column.number("rows changed"),
            Column.number("time"),
            Column.number("max pause"),
            Column.text("fresh as of"));
    trials.forEach(trial -> table.row(cells(trial)));
    screen.table(table);
    trials.stream()
        .filter(trial -> !trial.reason().isEmpty())
        .forEach(trial -> say("  " + trial.reason()));
  }

  void ending(DemoReport report, List<View> views, String url, DemoOptions options) {
    if (screen.json()) {
      screen.json(report);
      return;
    }
    title("4. freshet status");
    screen.table(ViewTable.of(views, screen));
    title("What to try next");
    (options.keep() ? running(url) : stopped(options)).forEach(screen::line);
  }

  private List<String> running(String url) {
    return List.of(
        "PostgreSQL keeps running here:",
        "  " + url,
        "",
        "  psql '" + url + "' -c 'SELECT * FROM monthly_revenue_summary LIMIT 5'",
        "  psql '" + url + "' -c \"CALL freshet.refresh('monthly_revenue_summary')\"",
        "  ./freshet status",
        "  ./freshet explain monthly_revenue_summary --analyze",
        "  ./freshet verify monthly_revenue_summary",
        "  ./freshet history monthly_revenue_summary",
        "  ./freshet demo --stop                                stops PostgreSQL",
        "  ./freshet --url postgresql://me@host/mydb check      your own database");
  }

  private List<String> stopped(DemoOptions options) {
    String size =
        options.orders() == DemoOptions.DEFAULT_ORDERS ? "" : " --orders " + options.orders();
    return List.of(
        "PostgreSQL is stopped now; its data stay. Start it again and leave it running with",
        "  ./freshet demo --keep" + size,
        "which prints a URL for psql, or with",
        "  ./freshet serve",
        "which runs the schedules too. Then try",
        "  ./freshet status",
        "  ./freshet explain monthly_revenue_summary --analyze",
        "  ./freshet --url postgresql://me@host/mydb check      your own database");
  }

  private Cell[] cells(Trial trial) {
    boolean shortPause = trial.longestPause().compareTo(SHORT) <= 0;
    return new Cell[] {
      Cell.of(trial.way()),
      Cell.of(trial.changed().map(Words::count)),
      Cell.of(Words.duration(trial.time())),
      new Cell(Words.duration(trial.longestPause()), shortPause ? Ink.GREEN : Ink.RED),
      Cell.of(trial.asOf().map(screen::timeOfDay))
    };
  }

  private void title(String text) {
    screen.note("");
    screen.note(bold(text));
  }

  private void say(String text) {
    screen.note(text);
  }

  private String bold(String text) {
    return screen.paint(Ink.BOLD, text);
  }

  private static String number(long number) {
    return Words.count(number);
  }
}
