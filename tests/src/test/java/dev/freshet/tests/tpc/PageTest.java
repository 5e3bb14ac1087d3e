package dev.freshet.tests.tpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.ApplyOptions;
import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.ViewSource;
import dev.freshet.tests.capability.Ways;
import dev.freshet.tests.fixture.TextFile;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The page that says which queries are refreshed incrementally, and why others are not. With
/// `-Dfreshet.update` it is written anew.
final class PageTest {
  private static final Path PAGE = Path.of("../docs/reference/tpc.md");
  private static final String OBSTACLE = "The obstacle is: ";

  @Test
  void pageSaysWhatIsIncremental() throws SQLException, IOException {
    String page = page(verdicts(new Tpch(1).views(), true), verdicts(Tpcds.views(), false));
    if (System.getProperty("freshet.update") != null) {
      Files.writeString(PAGE, page);
    }
    assertThat(page).isEqualTo(Files.readString(PAGE));
  }

  /// What is said of a query, and of the same query without its LIMIT; empty if it has none.
  private record Verdict(BenchmarkView view, Said asWritten, Said withoutLimit) {
    String line() {
      String number = view.name().substring(view.name().indexOf("_q") + 2).replaceFirst("^0", "");
      return "| %s | %s | %s |".formatted(number, asWritten.text(), withoutLimit.text());
    }

    boolean incremental() {
      return asWritten.incremental() || withoutLimit.incremental();
    }
  }

  /// @param text how operators follow changes, or the obstacle
  private record Said(boolean incremental, String text) {}

  private static List<Verdict> verdicts(List<BenchmarkView> views, boolean tpch)
      throws SQLException {
    try (TestDatabase database =
        TestServer.shared(TestServer.majors().getFirst()).createDatabase()) {
      if (tpch) {
        try (Connection connection = database.connect()) {
          new Tpch(1).createTables(connection);
        }
        database.execute(new TextFile(Tpch.class, "tpch/keys.sql").text());
      } else {
        database.execute(Tpcds.tables());
      }
      Freshet freshet = Freshet.connect(database.source());
      return views.stream()
          .map(view ->
              new Verdict(
                  view,
                  verdict(freshet, view),
                  view.withoutLimit()
                      .map(all -> verdict(freshet, all))
                      .orElse(new Said(false, ""))))
          .toList();
    }
  }

  private static Said verdict(Freshet freshet, BenchmarkView view) {
    try {
      ViewSource source = new ViewSource("view.sql", view.file("incremental"));
      freshet.plan(List.of(source), ApplyOptions.of("test"));
      return new Said(true, Ways.of(freshet.explain(source, false).getLast()).text());
    } catch (FreshetException e) {
      return new Said(
          false,
          e.sqlState().equals("0A000")
              ? obstacle(String.valueOf(e.problem().detail()))
              : "**error** %s: %s".formatted(e.sqlState(), e.problem().message()));
    }
  }

  private static String obstacle(String detail) {
    String reason = detail.replaceAll("\\s+", " ");
    assertThat(reason).startsWith(OBSTACLE);
    return reason
        .substring(OBSTACLE.length(), reason.length() - 1)
        .replace("|", "\\|")
        .replace("*", "\\*");
  }

  private static String page(List<Verdict> tpch, List<Verdict> tpcds) {
    return """
    # TPC-H and TPC-DS

    Which of the queries of these benchmarks a view with `freshet.refresh = 'incremental'` can have, and what stands in the
    way of the others. Of one that can, how many operators follow changes by algebra, by computing affected keys anew, and in
    full; a query with a LIMIT is looked at a second time without it: that is what is computed below the LIMIT.
    [incremental.md](incremental.md) explains the words. This page is written by a test.

    ## TPC-H: %s

    %s

    ## TPC-DS: %s

    %s
    """
        .formatted(summary(tpch), table(tpch), summary(tpcds), table(tpcds));
  }

  private static String summary(List<Verdict> verdicts) {
    return "%d of %d as written, %d with or without their LIMIT"
        .formatted(
            verdicts.stream().filter(verdict -> verdict.asWritten().incremental()).count(),
            verdicts.size(),
            verdicts.stream().filter(Verdict::incremental).count());
  }

  private static String table(List<Verdict> verdicts) {
    return "| query | as written | without its LIMIT |\n|---|---|---|\n"
        + verdicts.stream().map(Verdict::line).collect(Collectors.joining("\n"));
  }
}
