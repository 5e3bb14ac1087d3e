package dev.freshet.app.show;

import dev.freshet.RefreshReport;
import dev.freshet.RefreshReport.Outcome;
import dev.freshet.RefreshWork;
import dev.freshet.Strategy;
import java.util.List;
import java.util.Locale;

/// Refreshes as rows.
public final class ReportTable {
  private ReportTable() {}

  /// What was just refreshed.
  public static Table ofRefreshed(List<RefreshReport> reports) {
    Table table =
        Table.of(
            Column.text("view"),
            Column.text("strategy"),
            Column.text("outcome"),
            Column.number("rows"),
            Column.number("inserted"),
            Column.number("updated"),
            Column.number("deleted"),
            Column.number("time"),
            Column.prose("why"));
    for (RefreshReport report : reports) {
      RefreshWork work = report.work();
      table.row(
          Cell.of(report.view()),
          strategy(report),
          outcome(report.outcome()),
          number(report, work.rows()),
          number(report, work.inserted()),
          number(report, work.updated()),
          number(report, work.deleted()),
          Cell.of(report.duration().map(Words::duration)),
          why(report));
    }
    return table;
  }

  /// The history of one view.
  public static Table ofHistory(List<RefreshReport> reports, Screen screen) {
    Table table =
        Table.of(
            Column.number("id"),
            Column.text("started"),
            Column.text("strategy"),
            Column.text("outcome"),
            Column.number("rows"),
            Column.number("inserted"),
            Column.number("updated"),
            Column.number("deleted"),
            Column.number("WAL"),
            Column.number("tries"),
            Column.number("lock wait"),
            Column.number("time"),
            Column.prose("why"));
    for (RefreshReport report : reports) {
      RefreshWork work = report.work();
      table.row(
          Cell.of(String.valueOf(report.id())),
          Cell.of(screen.time(report.startedAt())),
          strategy(report),
          outcome(report.outcome()),
          number(report, work.rows()),
          number(report, work.inserted()),
          number(report, work.updated()),
          number(report, work.deleted()),
          Cell.of(succeeded(report) ? Words.size(work.walBytes()) : ""),
          number(report, work.attempts()),
          Cell.of(Words.duration(work.lockWait())),
          Cell.of(report.duration().map(Words::duration)),
          why(report));
    }
    return table;
  }

  private static Cell strategy(RefreshReport report) {
    Strategy applied = report.applied().orElse(report.requested());
    return Cell.of(
        applied == report.requested()
            ? applied.label()
            : report.requested().label() + " > " + applied.label());
  }

  private static Cell outcome(Outcome outcome) {
    Ink ink =
        switch (outcome) {
          case SUCCEEDED -> Ink.GREEN;
          case FAILED, LOST -> Ink.RED;
          case RUNNING, SKIPPED -> Ink.YELLOW;
        };
    return new Cell(outcome.name().toLowerCase(Locale.ROOT), ink);
  }

  /// Numbers of work that was rolled back would mislead.
  private static Cell number(RefreshReport report, long number) {
    return Cell.of(succeeded(report) ? Words.count(number) : "");
  }

  private static boolean succeeded(RefreshReport report) {
    return report.outcome() == Outcome.SUCCEEDED;
  }

  private static Cell why(RefreshReport report) {
    return report
        .problem()
        .map(problem -> new Cell(problem.message(), Ink.RED))
        .orElseGet(() -> Cell.of(report.reason()));
  }
}
