package dev.freshet.tests.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.tests.fixture.Fixture;
import dev.freshet.tests.fixture.FixtureRun;
import dev.freshet.tests.random.Finding.Kind;
import dev.freshet.tests.random.WorldMaker.Played;
import dev.freshet.tests.random.query.Operator;
import dev.freshet.tests.random.table.Tables;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random worlds with a fault in them: it must be found, made small, and written down as a fixture
/// that fails.
final class NegativeControlsTest {
  private static final int WORLDS = 20;

  private final int major = TestServer.majors().getFirst();
  private final TestServer server = TestServer.shared(major);
  private @TempDir Path folder;

  @Test
  void missingRowsAreFound() throws Exception {
    assertFound(
        new Sabotage(
            "DO $$ DECLARE storage text; BEGIN FOR storage IN SELECT m.storage FROM freshet.materialized_views m LOOP"
                + " EXECUTE format('DELETE FROM %s WHERE c1::text = ''4''', storage); END LOOP; END $$",
            ""));
  }

  private void assertFound(Sabotage sabotage) throws Exception {
    Settings settings =
        new Settings(
            1,
            0,
            Duration.ZERO,
            List.of(Operator.SCAN, Operator.FILTER, Operator.INNER_JOIN, Operator.GROUP_BY),
            Tables.optionalColumns(),
            Settings.ofProperties().strategy(),
            Duration.ofSeconds(20),
            1,
            sabotage);
    Played small = new Shrinker(server, firstFailure(settings), settings).shrink();
    assertThat(small.finding()).map(Finding::kind).contains(Kind.WRONG_ROWS);
    assertThat(small.scenario().rounds()).hasSizeLessThanOrEqualTo(3);
    Path file = folder.resolve("small.test");
    Files.writeString(file, small.script().text());
    try (TestDatabase database = server.createDatabase()) {
      assertThatThrownBy(() -> FixtureRun.run(Fixture.read(file), database, false))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("differs from its query");
    }
  }

  private Played firstFailure(Settings settings) throws SQLException {
    for (long seed = 1; seed <= WORLDS; seed++) {
      try (TestDatabase database = server.createDatabase()) {
        Played played = new WorldMaker(settings, new Coverage()).make(seed, database, major);
        if (played.finding().isPresent()) {
          return played;
        }
      }
    }
    throw new AssertionError("not found in %d worlds: %s".formatted(WORLDS, settings.sabotage()));
  }
}
