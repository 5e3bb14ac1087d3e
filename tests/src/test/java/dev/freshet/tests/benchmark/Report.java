package dev.freshet.tests.benchmark;

import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/// The report, written while the numbers come in.
final class Report {
  private static final List<String> SETTINGS =
      List.of(
          "server_version",
          "fsync",
          "synchronous_commit",
          "full_page_writes",
          "wal_level",
          "shared_buffers",
          "work_mem",
          "maintenance_work_mem",
          "max_parallel_workers_per_gather",
          "jit",
          "autovacuum_naptime");

  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  void settings(Database database) throws SQLException {
    section("Settings");
    row("setting", "value");
    row("---", "---");
    row("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    try (Database.Session session = database.open()) {
      for (String name : SETTINGS) {
        row(name, session.text("SHOW " + name));
      }
    }
    row(
        "connection",
        "JDBC over TCP on the loopback address, extended protocol, prepared on the server");
  }

  void section(String title) {
    out.println();
    out.println("## " + title);
    out.println();
  }

  void say(String text) {
    out.println(text);
    out.println();
  }

  void comparisons() {
    row("what", "Freshet", "beside it", "ratio", "goal", "met");
    row("---", "---:", "---:", "---:", "---:", "---");
  }

  /// One line of a table of comparisons.
  void compare(String what, String ours, String other, double ratio, Goal goal) {
    row(what, ours, other, times(ratio), goal.text(), goal.verdict(ratio));
  }

  /// A ratio as text.
  static String times(double ratio) {
    return String.format(Locale.ROOT, ratio >= 10 ? "%.0fx" : "%.2fx", ratio);
  }

  void row(String... cells) {
    out.println("| " + String.join(" | ", cells) + " |");
    out.flush();
  }
}
