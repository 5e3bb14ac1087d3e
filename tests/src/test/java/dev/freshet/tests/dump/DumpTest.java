package dev.freshet.tests.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Freshet;
import dev.freshet.tests.fixture.Oracle;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/// A database is dumped with changes that wait in the logs, and goes on where it is restored.
final class DumpTest {
  private static final List<String> VIEWS =
      List.of(
          "joined WITH (freshet.refresh = 'on-commit') AS SELECT t.a, t.b, u.c FROM t JOIN u ON u.a = t.a",
          "summed WITH (freshet.refresh = 'eager') AS SELECT a, count(*) AS n, sum(b) AS b FROM t GROUP BY a",
          "later WITH (freshet.refresh = 'incremental') AS SELECT t.a, u.c FROM t LEFT JOIN u ON u.a = t.a");

  private static final String NUMBER = "SELECT oid FROM pg_roles WHERE rolname = 'keeper'";

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

  /// A commit that changes two tables of a view has to find both logs by their owner.
  @ParameterizedTest
  @MethodSource("majors")
  void viewsOfARoleGoOnWhereTheRoleHasAnotherNumber(int major) throws Exception {
    Path programs = programs(major);
    try (TestServer other = TestServer.own(major);
        TestDatabase original = TestServer.shared(major).createDatabase();
        TestDatabase copy = other.createEmptyDatabase()) {
      original.execute("CREATE ROLE keeper; GRANT CREATE ON SCHEMA public, freshet_data TO keeper");
      original.execute("INSERT INTO freshet.trusted_owners VALUES ('keeper')");
      copy.execute("CREATE ROLE keeper");
      while (copy.string(NUMBER).equals(original.string(NUMBER))) {
        copy.execute("DROP ROLE keeper; CREATE ROLE keeper");
      }
      createAsKeeper(original);
      Dump.of(original, programs, folder.resolve("dump.sql")).restore(copy);
      compareAllBut("later", copy);
      copy.execute(
          "SET ROLE keeper; INSERT INTO t VALUES (3, 3), (4, 4); INSERT INTO u VALUES (3, 5)");
      copy.execute("SET ROLE keeper; DELETE FROM u WHERE a = 1; UPDATE t SET b = 6 WHERE a < 3");
      compareAllBut("later", copy);
      assertThat(refresh(copy, "later"))
          .contains("its last refresh was on another server or in another database");
      copy.execute("SET ROLE keeper; INSERT INTO u VALUES (4, 7); DELETE FROM t WHERE a = 2");
      assertThat(refresh(copy, "later")).isEqualTo("incremental: ");
    }
  }

  private static void createAsKeeper(TestDatabase database) throws SQLException {
    database.execute(
        """
        SET ROLE keeper;
        CREATE TABLE t (a int NOT NULL, b int);
        CREATE TABLE u (a int NOT NULL, c int);
        INSERT INTO t VALUES (1, 1), (2, 2);
        INSERT INTO u VALUES (1, 1), (2, 2)\
        """);
    Freshet keeper = Freshet.connect(database.source(Optional.of("keeper")));
    VIEWS.forEach(view -> keeper.create("CREATE MATERIALIZED VIEW " + view));
    database.execute("SET ROLE keeper; INSERT INTO t VALUES (1, 10); DELETE FROM u WHERE a = 2");
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

  private static void compareAllBut(String waiting, TestDatabase database) throws SQLException {
    try (Connection connection = database.connect()) {
      Oracle oracle = new Oracle(connection);
      oracle.setStale(waiting);
      oracle.check(true);
    }
  }

  private static String refresh(TestDatabase database) throws SQLException {
    return refresh(database, "v");
  }

  private static String refresh(TestDatabase database, String view) throws SQLException {
    Freshet.connect(database.source()).refresh(view);
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
