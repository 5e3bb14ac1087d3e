package dev.freshet.tests.benchmark;

import dev.freshet.FreshetException;
import dev.freshet.tests.tpc.BenchmarkView;
import dev.freshet.tests.tpc.Tpch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The queries of TPC-H as views, after one in a hundred orders came and as many went: changes
/// applied, what `auto` has come to choose, the difference written, everything computed anew.
/// LIMITs are left out. Query 15 also over its groups as a view of their own, as `explain` advises.
final class TpchRefreshes {
  private static final int ONE_IN = 100;
  private static final String INCREMENTAL = "incremental";
  private static final String AUTO = "auto";
  private static final String CONCURRENT = "concurrent";
  private static final String NATIVE = "native";
  private static final String LARGEST_TOTAL = "tpch_q15";
  private static final String OVER_GROUPS = "over_groups";

  private final Database database;
  private final Tpch tpch;
  private final int runs;
  private final Map<String, List<Duration>> times = new LinkedHashMap<>();

  TpchRefreshes(Database database, double scale, int runs) {
    this.database = database;
    this.tpch = new Tpch(scale);
    this.runs = runs;
  }

  void run(Report report) throws Exception {
    List<BenchmarkView> views =
        tpch.views().stream().map(view -> view.withoutLimit().orElse(view)).toList();
    try (Database.Session session = database.open()) {
      tpch.load(session.connection());
      session.execute("VACUUM (ANALYZE)"); // which autovacuum would begin while views are created
      for (BenchmarkView view : views) {
        create(session, view);
      }
      database.freshet().create(tpch.overGroups());
      for (int i = 0; i < runs; i++) {
        System.err.println("benchmark: tpch, run " + (i + 1));
        for (String change : tpch.refreshFunctions(ONE_IN)) {
          session.execute(change);
        }
        for (BenchmarkView view : views) {
          refresh(session, view);
        }
        refresh(session, OVER_GROUPS);
      }
      tell(session, views, report);
    }
  }

  /// Four views of one query. One that cannot be incremental is left out.
  private void create(Database.Session session, BenchmarkView view) throws Exception {
    session.execute(
        "CREATE MATERIALIZED VIEW native_%s AS %s".formatted(view.name(), view.query()));
    create(CONCURRENT, view);
    create(AUTO, view);
    try {
      create(INCREMENTAL, view);
    } catch (FreshetException e) {
      if (!e.sqlState().equals("0A000")) {
        throw e;
      }
    }
  }

  private void create(String strategy, BenchmarkView view) {
    String name = strategy + "_" + view.name();
    database.freshet().create(new BenchmarkView(name, view.query()).file(strategy));
    times.put(name, new ArrayList<>());
  }

  private void refresh(Database.Session session, BenchmarkView view) throws Exception {
    for (String strategy : List.of(INCREMENTAL, AUTO, CONCURRENT)) {
      String name = strategy + "_" + view.name();
      if (times.containsKey(name)) {
        refresh(session, name);
      }
    }
    String name = NATIVE + "_" + view.name();
    time(name, () -> session.execute("REFRESH MATERIALIZED VIEW " + name));
  }

  private void refresh(Database.Session session, String name) throws Exception {
    time(name, () -> session.execute("CALL freshet.refresh('%s')".formatted(name)));
  }

  private void time(String name, Rounds.Step step) throws Exception {
    times.computeIfAbsent(name, n -> new ArrayList<>()).add(Rounds.time(step));
  }

  private void tell(Database.Session session, List<BenchmarkView> views, Report report)
      throws Exception {
    report.section("TPC-H");
    report.say(
        "%,d line items, %,d orders; 1 %% of the orders came and 1 %% went before each refresh. Medians of %d runs."
            .formatted(
                session.number("SELECT count(*) FROM lineitem"),
                session.number("SELECT count(*) FROM orders"),
                runs));
    report.say(
        "Query 15 over a view of its groups, both refreshed: %s, %s of REFRESH."
            .formatted(
                samples(OVER_GROUPS),
                Report.times(samples(OVER_GROUPS).ratioTo(samples(NATIVE + "_" + LARGEST_TOTAL)))));
    report.row(
        "query",
        "incremental",
        "auto",
        "concurrent",
        "REFRESH",
        "incremental / REFRESH",
        "auto / REFRESH");
    report.row("---", "---:", "---:", "---:", "---:", "---:", "---:");
    for (BenchmarkView view : views) {
      tell(view, report);
    }
  }

  private void tell(BenchmarkView view, Report report) {
    Samples anew = samples(NATIVE, view);
    boolean compiled = times.containsKey(INCREMENTAL + "_" + view.name());
    Samples applied = compiled ? samples(INCREMENTAL, view) : anew;
    report.row(
        view.name(),
        compiled ? applied.toString() : "",
        samples(AUTO, view).toString(),
        samples(CONCURRENT, view).toString(),
        anew.toString(),
        compiled ? Report.times(applied.ratioTo(anew)) : "",
        Report.times(samples(AUTO, view).ratioTo(anew)));
  }

  private Samples samples(String way, BenchmarkView view) {
    return samples(way + "_" + view.name());
  }

  private Samples samples(String name) {
    return new Samples(times.getOrDefault(name, List.of()));
  }
}
