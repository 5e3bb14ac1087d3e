package dev.freshet.tests.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.tests.random.Twins.Law;
import dev.freshet.tests.random.query.Query;
import dev.freshet.tests.random.query.Rewritten;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Views that must show the same rows as another one do so, however they are written and however
/// often they are refreshed; rows that come and go leave no trace in what is stored.
///
/// `-Dfreshet.twins.seed=1000 -Dfreshet.twins.worlds=500` goes on for longer.
final class TwinsTest {
  private static final long FIRST = Long.getLong("freshet.twins.seed", 1);
  private static final int WORLDS = Integer.getInteger("freshet.twins.worlds", 8);

  private final List<Integer> majors = TestServer.majors();
  private final Map<Law, Integer> same = new EnumMap<>(Law.class);
  private int unchanged;

  @Test
  void twinsShowTheSame() throws SQLException {
    List<String> findings = new ArrayList<>();
    for (long seed = FIRST; seed < FIRST + WORLDS && findings.isEmpty(); seed++) {
      play(seed, UnaryOperator.identity(), Sabotage.NONE).ifPresent(findings::add);
    }
    System.out.printf("twins found the same: %s; views without a trace: %d%n", same, unchanged);
    assertThat(findings).isEmpty();
    assertThat(same).containsOnlyKeys(Law.values());
    assertThat(same.values()).allMatch(count -> count > WORLDS / 4);
    assertThat(unchanged).isGreaterThan(WORLDS);
  }

  @Test
  void twinsThatDifferAreFound() throws SQLException {
    assertThat(play(FIRST, Rewritten::emptied, Sabotage.NONE).orElse("nothing was found"))
        .contains("differ from its twin");
  }

  /// A count that grows by one with each refresh, which the views themselves do not show.
  @Test
  void countsThatAreOffAreFound() throws SQLException {
    Sabotage sabotage =
        new Sabotage(
            """
            DO $do$
            DECLARE counted regclass;
            BEGIN
              FOR counted IN SELECT a.attrelid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' WHERE a.attname = 'freshet$n' LOOP
                EXECUTE format('UPDATE %s SET freshet$n = freshet$n + 1 WHERE freshet$n > 3', counted);
              END LOOP;
            END $do$\
            """);
    Optional<String> found = Optional.empty();
    for (long seed = FIRST; seed < FIRST + WORLDS && !isHidden(found); seed++) {
      found = play(seed, UnaryOperator.identity(), sabotage);
    }
    assertThat(isHidden(found)).isTrue();
  }

  private static boolean isHidden(Optional<String> finding) {
    return finding.orElse("").contains("differ in hidden columns");
  }

  private Optional<String> play(long seed, UnaryOperator<Query> queries, Sabotage sabotage)
      throws SQLException {
    int major = majors.get((int) (seed % majors.size()));
    try (TestDatabase database = TestServer.shared(major).createDatabase();
        TwinWorld world = new TwinWorld(seed, database, major, queries, sabotage)) {
      Optional<Finding> finding = world.play();
      world.same().forEach((law, count) -> same.merge(law, count, Integer::sum));
      unchanged += world.unchanged();
      return finding.map(found ->
          "seed %d on PostgreSQL %d: %s%n%s".formatted(seed, major, found, world.script()));
    }
  }
}
