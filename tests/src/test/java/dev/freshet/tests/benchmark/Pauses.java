package dev.freshet.tests.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How long a reader waits at most who asks every five milliseconds while the view is refreshed.
final class Pauses {
  private final Database database;
  private final Database.Session session;
  private final int runs;

  Pauses(Database database, Database.Session session, int runs) {
    this.database = database;
    this.session = session;
    this.runs = runs;
  }

  void run(Report report) throws Exception {
    Map<String, List<Duration>> pauses = new LinkedHashMap<>();
    for (int i = 0; i < runs; i++) {
      measure(pauses, "nothing but the query itself", "report", ShopSql.REPORT);
      for (Map.Entry<String, String> way : ShopSql.refreshes().entrySet()) {
        boolean ours = way.getValue().startsWith("CALL");
        session.execute(ShopSql.addOrders());
        measure(pauses, way.getKey(), ours ? "report" : "native_report", way.getValue());
      }
    }
    report.section("Pauses of a reader that asks every 5 ms");
    report.row(
        "while this runs", "longest pause of a run, median", "longest of all runs", "goal", "met");
    report.row("---", "---:", "---:", "---:", "---");
    pauses.forEach((name, longest) -> tell(name, new Samples(longest), report));
  }

  private void measure(
      Map<String, List<Duration>> pauses, String name, String view, String statement)
      throws Exception {
    try (Poller poller = Poller.start(database, "SELECT count(*) FROM " + view)) {
      session.execute(statement);
      pauses.computeIfAbsent(name, n -> new ArrayList<>()).add(poller.stop());
    }
  }

  private static void tell(String name, Samples longest, Report report) {
    boolean promised = List.of("swap", "full", "concurrent").contains(name);
    Goal goal = promised ? new Goal.AtMost(50, " ms") : Goal.none();
    report.row(
        name,
        longest.toString(),
        Samples.text(longest.longest()),
        goal.text(),
        goal.verdict(longest.longest().toNanos() / 1e6));
  }
}
