package dev.freshet.tests.capability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.Progress;
import dev.freshet.RefreshRequest;
import dev.freshet.tests.fixture.Oracle;
import dev.freshet.tests.fixture.TextFile;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The page that says how each shape of a query follows changes. Every shape that does is made a
/// view, and compared with its query after each of some changes. With `-Dfreshet.update` the page
/// is written anew.
final class CapabilityTest {
  private static final Path PAGE = Path.of("../docs/reference/capabilities.md");

  /// What nobody can follow by the changes alone.
  private static final Pattern DECLINED =
      Pattern.compile(
          "without a total order|window without PARTITION BY|RECURSIVE|is volatile|TABLESAMPLE|depends on who asks");

  private static final List<String> CHANGES =
      new TextFile(CapabilityTest.class, "changes.sql").paragraphs();

  @Test
  void pageSaysWhatFollowsChanges() throws SQLException, IOException {
    try (TestDatabase database =
        TestServer.shared(TestServer.majors().getLast()).createDatabase()) {
      database.execute(new TextFile(CapabilityTest.class, "tables.sql").text());
      Freshet freshet = Freshet.connect(database.source());
      List<Verdict> verdicts =
          Shape.all().stream().map(shape -> Verdict.of(shape, freshet)).toList();
      assertThat(verdicts)
          .allMatch(verdict -> verdict.follows() || DECLINED.matcher(verdict.obstacle()).find());
      for (String change : CHANGES) {
        database.execute(change);
        follow(database, freshet);
      }
      String page = page(verdicts);
      if (System.getProperty("freshet.update") != null) {
        Files.writeString(PAGE, page);
      }
      assertThat(page).isEqualTo(Files.readString(PAGE));
    }
  }

  private static void follow(TestDatabase database, Freshet freshet) throws SQLException {
    freshet.refresh(RefreshRequest.all(), Progress.Listener.NONE, new Cancellation());
    assertThat(
            database.strings(
                """
                SELECT concat_ws(': ', r.view, r.reason) FROM freshet.refreshes r
                WHERE r.strategy NOT IN ('full', 'incremental') ORDER BY r.id\
                """))
        .isEmpty();
    try (Connection connection = database.connect()) {
      new Oracle(connection).check(true);
    }
  }

  private static String page(List<Verdict> verdicts) {
    return """
    # What follows changes

    How queries of each kind are refreshed with `freshet.refresh = 'incremental'`: how many operators of the query follow by
    algebra, how many by computing affected keys anew, and how many in full: an aggregate of all rows has one result, which is
    computed anew after any change of those. Queries that are declined have the reason; they are refreshed by running the whole
    query. [incremental.md](incremental.md) explains the words.

    This page is written by a test. It creates a view of each query that follows, changes the tables in %d steps, refreshes
    and compares every view with its query after each.

    **%d of %d** follow changes.

    | query | algebra | affected keys | in full | declined |
    |---|---:|---:|---:|---|
    %s
    """
        .formatted(
            CHANGES.size(),
            verdicts.stream().filter(Verdict::follows).count(),
            verdicts.size(),
            verdicts.stream().map(Verdict::line).collect(Collectors.joining("\n")));
  }
}
