package dev.freshet.tests.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Views of every shape that locks differently stay right while sixteen connections write, and
/// without the locks they do not.
///
/// `-Dfreshet.race.transactions=500` lets each connection commit more, `-Dfreshet.race.seed=7`
/// other ones.
final class RaceTest {
  private static final String SUMS =
      "SELECT k, count(*) AS n, sum(x) AS s, count(DISTINCT x) AS d FROM a GROUP BY k";
  private static final String JOIN =
      "SELECT a.k, count(*) AS n, sum(a.x * b.x) AS s FROM a JOIN b USING (k) GROUP BY a.k";
  private static final List<String> JOIN_OF_VIEWS =
      List.of(
          "SELECT id, k, x FROM a",
          "SELECT id, k, x FROM b",
          "SELECT v1.k, count(*) AS n, sum(v1.x * v2.x) AS s FROM v1 JOIN v2 USING (k) GROUP BY v1.k");
  private static final String NO_GATES =
      """
      CREATE OR REPLACE FUNCTION freshet.gates_to_pass(views integer[], dirty integer[])
      RETURNS TABLE (gate text, enters boolean, mode text) LANGUAGE sql AS
      'SELECT freshet.gate(l.log), true, ''ROW EXCLUSIVE'' FROM freshet.change_logs l WHERE l.id = ANY (dirty)';
      SELECT freshet.arm_log(l.log) FROM freshet.change_logs l\
      """;
  private static final String NO_GROUPS =
      """
      CREATE OR REPLACE FUNCTION freshet.lock_groups(view integer, groups integer[])
      RETURNS void LANGUAGE sql AS ''\
      """;
  private static final String ON_COMMIT = "freshet.refresh = 'on-commit'";
  private static final String SHARDS = "freshet.refresh = '%s', freshet.shards = 4";
  private static final String EAGER_SUMS = "SELECT k, count(*) AS n, sum(x) AS s FROM a GROUP BY k";
  private static final int ROUNDS = 40;

  /// Found by the comparison, or by a delta that no longer fits the rows that are stored.
  private static final Pattern WRONG =
      Pattern.compile("differs from its query|could not be maintained");

  private final int major = TestServer.majors().getLast();

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sums             | SELECT k, count(*) AS n, sum(x) AS s, count(DISTINCT x) AS d FROM a GROUP BY k
          total            | SELECT count(*) AS n, sum(x) AS s FROM a
          extremes         | SELECT k, min(x) AS least, max(x) AS most, array_agg(x ORDER BY x, id) AS xs FROM a GROUP BY k
          windows          | SELECT id, k, rank() OVER (PARTITION BY k ORDER BY x, id) AS place FROM a
          grouped join     | SELECT a.k, count(*) AS n, sum(a.x * b.x) AS s, max(b.x) AS most FROM a JOIN b USING (k) GROUP BY a.k
          rows of a join   | SELECT a.k, a.x, b.x AS y FROM a JOIN b USING (k)
          three tables     | SELECT b.x, count(*) AS n, sum(a.x + c.x) AS s FROM a JOIN b USING (k) JOIN c ON c.k = b.k GROUP BY b.x
          union            | SELECT k, count(*) AS n FROM (SELECT k FROM a UNION ALL SELECT k FROM b) u GROUP BY k
          self join        | SELECT p.k, count(*) AS n FROM a p JOIN a q ON p.k = q.k AND p.x < q.x GROUP BY p.k
          outer join       | SELECT a.id, b.x FROM a LEFT JOIN b ON b.k = a.k AND b.x = a.x
          without partners | SELECT a.id, a.k FROM a WHERE NOT EXISTS (SELECT FROM b WHERE b.k = a.k AND b.x < a.x)
          """)
  void staysRight(String shape, String query) throws Exception {
    race(shape, ON_COMMIT, List.of(query));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sums  | SELECT k, count(*) AS n, sum(x) AS s, bool_or(x > 5) AS some FROM a GROUP BY k
          total | SELECT count(*) AS n, sum(x) AS s FROM a
          """)
  void eagerStaysRight(String shape, String query) throws Exception {
    race(shape, "freshet.refresh = 'eager'", List.of(query));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          eager     | sums         | SELECT k, count(*) AS n, sum(x) AS s, bool_or(x > 5) AS some FROM a GROUP BY k
          eager     | total        | SELECT count(*) AS n, sum(x) AS s FROM a
          on-commit | sums         | SELECT k, count(*) AS n, avg(x) AS average FROM a GROUP BY k HAVING sum(x) > 5
          on-commit | grouped join | SELECT a.k, count(*) AS n, sum(a.x * b.x) AS s FROM a JOIN b USING (k) GROUP BY a.k
          """)
  void staysRightWithShards(String refresh, String shape, String query) throws Exception {
    try (TestDatabase database = TestServer.shared(major).createDatabase()) {
      Race race = Race.over(database, SHARDS.formatted(refresh), List.of(query));
      Tally tally = race.run(List.of(Isolation.values()), "CALL freshet.refresh('v1')");
      race.compare();
      assertThat(tally.committed()).as(shape).containsOnlyKeys(Isolation.values());
    }
  }

  /// Rows of an emptied group that others are changing at that moment must stay.
  @Test
  void withoutLocksOnShardsTheRowsOfEmptiedGroupsAreMissed() throws Exception {
    String fold =
        """
        DELETE FROM freshet_data.v1_1 s
        WHERE s.k IN (SELECT t.k FROM freshet_data.v1_1 t GROUP BY t.k HAVING sum(t."freshet$n") = 0)\
        """;
    try (TestDatabase database = TestServer.shared(major).createDatabase()) {
      Race race = Race.over(database, SHARDS.formatted("eager"), List.of(EAGER_SUMS));
      wrong(race, () -> race.run(List.of(Isolation.READ_COMMITTED), fold));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sums         | SELECT k, count(*) AS n, sum(x) AS s FROM a GROUP BY k
          total        | SELECT count(*) AS n, sum(x) AS s FROM a
          values       | SELECT DISTINCT k, x FROM a
          grouped join | SELECT a.k, count(*) AS n, sum(a.x * b.x) AS s FROM a JOIN b USING (k) GROUP BY a.k
          three tables | SELECT b.x, count(*) AS n, sum(a.x + c.x) AS s FROM a JOIN b USING (k) JOIN c ON c.k = b.k GROUP BY b.x
          """)
  void staysRightWithoutHiddenState(String shape, String query) throws Exception {
    race(shape, ON_COMMIT + ", freshet.hidden_state = 'none'", List.of(query));
  }

  /// Views over views, whose queries are separated by semicolons.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          chain            | SELECT k, count(*) AS n, sum(x) AS s FROM a GROUP BY k; SELECT n, count(*) AS ks, max(s) AS most FROM v1 GROUP BY n; SELECT count(*) AS ns, sum(most) AS s FROM v2
          over rows        | SELECT a.k, a.x, b.x AS y FROM a JOIN b USING (k); SELECT k, count(*) AS n, sum(x * y) AS s FROM v1 GROUP BY k
          diamond          | SELECT k, count(*) AS n, sum(x) AS s FROM a GROUP BY k; SELECT k, max(x) AS most FROM a GROUP BY k; SELECT v1.k, n, most, rank() OVER (PARTITION BY n ORDER BY most, v1.k) AS place FROM v1 JOIN v2 USING (k)
          of two tables    | SELECT k, count(*) AS n FROM a GROUP BY k; SELECT k, sum(x) AS s FROM b GROUP BY k; SELECT n, count(*) AS ks, sum(s) AS s FROM v1 LEFT JOIN v2 USING (k) GROUP BY n; SELECT count(*) AS n FROM v3
          view and table   | SELECT k, count(*) AS n, sum(x) AS s FROM a GROUP BY k; SELECT a.id, a.x, v1.s, c.x AS y FROM a JOIN v1 USING (k) LEFT JOIN c USING (k); SELECT k, n FROM v1 WHERE EXISTS (SELECT FROM b WHERE b.k = v1.k)
          """)
  void cascadesStayRight(String shape, String queries) throws Exception {
    race(shape, ON_COMMIT, List.of(queries.split(";")));
  }

  /// They must come in one after the other: each looks at what the others change.
  @Test
  void olderSnapshotsDoNotDeadlock() throws Exception {
    race("sums", ON_COMMIT, List.of(SUMS), Isolation.REPEATABLE_READ, Isolation.SERIALIZABLE);
  }

  private void race(String shape, String options, List<String> queries) throws Exception {
    race(shape, options, queries, Isolation.values());
  }

  private void race(String shape, String options, List<String> queries, Isolation... levels)
      throws Exception {
    try (TestDatabase database = TestServer.shared(major).createDatabase()) {
      Race race = Race.over(database, options, queries);
      Tally tally = race.run(List.of(levels));
      race.compare();
      assertThat(tally.committed()).as(shape).containsOnlyKeys(levels);
      assertThat(tally.deadlocked()).as("deadlocks at COMMIT").isEmpty();
    }
  }

  /// The gates keep writers of one table from committing past those who have looked at it.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          grouped join     | SELECT a.k, count(*) AS n, sum(a.x * b.x) AS s FROM a JOIN b USING (k) GROUP BY a.k
          three tables     | SELECT b.x, count(*) AS n, sum(a.x + c.x) AS s FROM a JOIN b USING (k) JOIN c ON c.k = b.k GROUP BY b.x
          self join        | SELECT p.k, count(*) AS n FROM a p JOIN a q ON p.k = q.k AND p.x < q.x GROUP BY p.k
          outer join       | SELECT a.id, b.x FROM a LEFT JOIN b ON b.k = a.k AND b.x = a.x
          without partners | SELECT a.id, a.k FROM a WHERE NOT EXISTS (SELECT FROM b WHERE b.k = a.k AND b.x < a.x)
          """)
  void withoutGatesJoinsAreWrong(String shape, String query) throws Exception {
    sabotaged(List.of(query), NO_GATES, Isolation.READ_COMMITTED);
  }

  /// Those of the storages below, too.
  @Test
  void withoutGatesAJoinOfViewsIsWrong() throws Exception {
    sabotaged(JOIN_OF_VIEWS, NO_GATES, Isolation.READ_COMMITTED);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sums     | SELECT k, count(*) AS n, sum(x) AS s, count(DISTINCT x) AS d FROM a GROUP BY k
          extremes | SELECT k, min(x) AS least, max(x) AS most FROM a GROUP BY k
          windows  | SELECT id, k, rank() OVER (PARTITION BY k ORDER BY x, id) AS place FROM a
          """)
  void withoutLocksOnGroupsTheyAreWrong(String shape, String query) throws Exception {
    sabotaged(List.of(query), NO_GROUPS, Isolation.READ_COMMITTED);
  }

  /// Locks do not help a transaction whose snapshot is older than they are.
  @Test
  void withoutLookingForPassersByOldSnapshotsAreWrong() throws Exception {
    sabotaged(
        List.of(JOIN),
        """
        CREATE OR REPLACE FUNCTION freshet.require_nobody_passed(gate text)
        RETURNS void LANGUAGE sql AS ''\
        """,
        Isolation.REPEATABLE_READ);
  }

  private void sabotaged(List<String> queries, String sabotage, Isolation level) throws Exception {
    try (TestDatabase database = TestServer.shared(major).createDatabase()) {
      Race race = Race.over(database, ON_COMMIT, queries);
      database.execute(sabotage);
      wrong(race, () -> race.run(List.of(level)));
    }
  }

  private static void wrong(Race race, Callable<?> round) {
    Throwable found =
        catchThrowable(() -> {
          for (int i = 0; i < ROUNDS; i++) {
            round.call();
            race.compare();
          }
        });
    assertThat(found).isNotNull();
    assertThat(found.getMessage()).containsPattern(WRONG);
  }
}
