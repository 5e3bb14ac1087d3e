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

  /// A watermark that takes every transaction for seen that began before the refresh ended.
  @Test
  void aWatermarkByTheHighestTransactionIsFound() throws SQLException {
    Sabotage sabotage =
        new Sabotage(
            """
            UPDATE freshet.watermarks SET since = format('%1$s:%1$s:', pg_snapshot_xmax(since))::pg_snapshot \
            WHERE since IS NOT NULL\
            """);
    assertThat(firstFailure(settings(sabotage)).finding())
        .map(Finding::kind)
        .contains(Kind.WRONG_ROWS);
  }

  /// Changes that are captured and then taken for seen.
  @Test
  void lostChangesAreFound() throws SQLException {
    Sabotage sabotage =
        new Sabotage(
            "UPDATE freshet.watermarks SET since = pg_current_snapshot() WHERE since IS NOT NULL");
    assertThat(firstFailure(settings(sabotage)).finding())
        .map(Finding::kind)
        .contains(Kind.WRONG_ROWS);
  }

  /// Partners of changed rows that are looked for among the rows of now, though they left
  /// meanwhile.
  @Test
  void partnersAsTheyAreInsteadOfAsTheyWereAreFound() throws SQLException {
    Sabotage sabotage =
        new Sabotage(
            """
            DO $do$ BEGIN
              EXECUTE (SELECT string_agg(regexp_replace(pg_get_functiondef(p.oid), 'FOR mask IN 0 [.]+ [0-9]+ LOOP', 'FOR mask IN 0 .. 0 LOOP', 'g'), ';')
                FROM pg_proc p WHERE p.pronamespace = 'freshet_data'::regnamespace AND p.proname ~ '_increment$');
            END $do$\
            """);
    assertThat(firstFailure(settings(sabotage)).finding())
        .map(Finding::kind)
        .contains(Kind.WRONG_ROWS);
  }

  /// Changes that a trigger does not write down; what is found is made smaller and fails as a
  /// fixture too.
  @Test
  void changesThatAreNotCapturedAreFoundAndMadeSmall() throws Exception {
    Settings settings =
        settings(
            new Sabotage(
                """
                DO $do$ BEGIN
                  EXECUTE (SELECT string_agg(replace(pg_get_functiondef(p.oid), 'FROM old_rows r;', 'FROM old_rows r WHERE false;'), ';')
                    FROM pg_proc p WHERE p.pronamespace = 'freshet_data'::regnamespace AND p.proname ~ '_changes[0-9]+_delete$');
                END $do$\
                """));
    Played found = firstFailure(settings);
    Played small = new Shrinker(server, found, settings).shrink();
    assertThat(small.finding()).map(Finding::kind).contains(Kind.WRONG_ROWS);
    assertThat(small.scenario().views()).hasSizeLessThan(found.scenario().views().size());
    Path file = folder.resolve("small.test");
    Files.writeString(file, small.script().text());
    try (TestDatabase database = server.createDatabase()) {
      assertThatThrownBy(() -> FixtureRun.run(Fixture.read(file), database, false))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("differs from");
    }
  }

  private static Settings settings(Sabotage sabotage) {
    return new Settings(
        1,
        0,
        Duration.ZERO,
        List.of(Operator.SCAN, Operator.FILTER, Operator.INNER_JOIN, Operator.GROUP_BY),
        Tables.optionalColumns(),
        "incremental",
        1,
        Duration.ofSeconds(20),
        1,
        sabotage);
  }

  /// The first world with wrong rows. In others the fault is noticed by the refresh, which gives
  /// way.
  private Played firstFailure(Settings settings) throws SQLException {
    for (long seed = 1; seed <= WORLDS; seed++) {
      try (TestDatabase database = server.createDatabase()) {
        Played played = new WorldMaker(settings, new Coverage()).make(seed, database, major);
        if (played.finding().map(Finding::kind).filter(Kind.WRONG_ROWS::equals).isPresent()) {
          return played;
        }
      }
    }
    throw new AssertionError("not found in %d worlds: %s".formatted(WORLDS, settings.sabotage()));
  }
}
