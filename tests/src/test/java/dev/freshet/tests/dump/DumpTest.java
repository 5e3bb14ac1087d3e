package dev.freshet.tests.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Freshet;
import dev.freshet.tests.fixture.Oracle;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/// A database is dumped with changes that wait in the logs, and goes on where it is restored.
final class DumpTest {
  private @TempDir Path folder;

  static Stream<Integer> majors() {
    return TestServer.majors().stream();
  }

  @ParameterizedTest
  @MethodSource("majors")
  void aRestoredViewIsComparedOnceAndThenFollowsChanges(int major) throws Exception {
    Path programs = programs(major);
    TestServer server = TestServer.shared(major);
    try (TestDatabase original = server.createDatabase();
        TestDatabase copy = server.createEmptyDatabase()) {
      original.execute("CREATE TABLE t (a int, b numeric)");
      Freshet.connect(original.source())
          .create(
              "CREATE MATERIALIZED VIEW v WITH (freshet.refresh = 'incremental') AS SELECT a, sum(b) AS"
                  + " b FROM t GROUP BY a");
      original.execute("INSERT INTO t VALUES (1, 1), (2, 2)");
      Dump.of(original, programs, folder.resolve("dump.sql")).restore(copy);
      assertThat(refresh(copy))
          .contains("its last refresh was on another server or in another database");
      copy.execute("INSERT INTO t VALUES (1, 10); DELETE FROM t WHERE a = 2");
      assertThat(refresh(copy)).isEqualTo("incremental: ");
    }
  }

  /// Transactions go on where they left off: they need no number of an earlier one.
  @ParameterizedTest
  @MethodSource("immediate")
  void aRestoredViewIsMaintainedByTransactionsAgain(int major, String options) throws Exception {
    Path programs = programs(major);
    TestServer server = TestServer.shared(major);
    try (TestDatabase original = server.createDatabase();
        TestDatabase copy = server.createEmptyDatabase()) {
      original.execute(
          "CREATE TABLE t (a int NOT NULL, b int); INSERT INTO t VALUES (1, 1), (2, 2)");
      Freshet.connect(original.source())
          .create(
              "CREATE MATERIALIZED VIEW v WITH (%s) AS SELECT a, count(*) AS n, sum(b) AS b FROM t GROUP BY a"
                  .formatted(options));
      original.execute("INSERT INTO t VALUES (1, 10)");
      Dump.of(original, programs, folder.resolve("dump.sql")).restore(copy);
      compare(copy);
      copy.execute("INSERT INTO t VALUES (1, 100), (3, 3); DELETE FROM t WHERE a = 2");
      compare(copy);
      assertThat(refresh(copy)).startsWith("concurrent: ");
      copy.execute("UPDATE t SET a = 4 WHERE b = 10; TRUNCATE t; INSERT INTO t VALUES (5, 5)");
      compare(copy);
    }
  }

  static Stream<Arguments> immediate() {
    return TestServer.majors().stream()
        .flatMap(major ->
            Stream.of(
                    "freshet.refresh = 'on-commit'",
                    "freshet.refresh = 'eager'",
                    "freshet.refresh = 'eager', freshet.shards = 4")
                .map(options -> Arguments.of(major, options)));
  }

  private static void compare(TestDatabase database) throws SQLException {
    try (Connection connection = database.connect()) {
      new Oracle(connection).check(true);
    }
  }

  private static String refresh(TestDatabase database) throws SQLException {
    Freshet.connect(database.source()).refresh("v");
    compare(database);
    return database.string(
        "SELECT strategy || ': ' || reason FROM freshet.refreshes ORDER BY id DESC LIMIT 1");
  }

  private static Path programs(int major) {
    Optional<Path> programs = Dump.programs(major);
    if (programs.isEmpty()) {
      System.out.println("the test of a dump is skipped: no pg_dump for PostgreSQL " + major);
      throw new TestAbortedException("no pg_dump for PostgreSQL " + major);
    }
    return programs.get();
  }
}
