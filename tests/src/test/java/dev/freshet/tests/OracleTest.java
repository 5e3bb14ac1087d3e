package dev.freshet.tests;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.Freshet;
import dev.freshet.tests.fixture.Oracle;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Negative controls: an oracle that does not see these differences would be blind.
final class OracleTest {
  private TestDatabase database;
  private Connection connection;

  @BeforeEach
  void createView() throws SQLException {
    database = TestServer.shared(TestServer.majors().getFirst()).createDatabase();
    connection = database.connect();
    database.execute(
        """
        CREATE TABLE t (id int, n numeric, f float8, s text, j json);
        INSERT INTO t VALUES (1, 1.0, 0, 'a', '{"a":1}'), (2, 2, 'NaN', NULL, NULL),
          (3, 3, 1, 'twice', '[]'), (3, 3, 1, 'twice', '[]')\
        """);
    Freshet.connect(database.source())
        .create("CREATE MATERIALIZED VIEW v AS SELECT id, n, f, s, j FROM t");
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    connection.close();
    database.close();
  }

  @Test
  void equalContentPasses() {
    assertThatCode(() -> new Oracle(connection).check(true)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "by =     | UPDATE %s SET s = 'b' WHERE id = 1",
        "by =     | UPDATE %s SET s = '' WHERE id = 2",
        "by =     | DELETE FROM %s WHERE id = 1",
        "by =     | INSERT INTO %s (id) VALUES (7)",
        "by =     | DELETE FROM %1$s WHERE ctid IN (SELECT ctid FROM %1$s WHERE id = 3 LIMIT 1)",
        "by =     | INSERT INTO %1$s SELECT * FROM %1$s WHERE id = 3 LIMIT 1",
        "by =     | UPDATE %s SET j = '{\"a\": 1}' WHERE id = 1",
        "by image | UPDATE %s SET n = 1.00 WHERE id = 1",
        "by image | UPDATE %s SET f = '-0' WHERE id = 1"
      })
  void tamperedStorageIsCaught(String how, String change) throws SQLException {
    String storage = database.string("SELECT storage FROM freshet.materialized_views");
    database.execute(change.formatted(storage));
    assertThatThrownBy(() -> new Oracle(connection).check(true))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("v differs from its query " + how);
  }

  @Test
  void onlyRefreshedViewsAreComparedUnlessAllAreAskedFor() throws SQLException {
    Oracle oracle = new Oracle(connection);
    oracle.check(false);
    database.execute("INSERT INTO t VALUES (9)");
    assertThatCode(() -> oracle.check(false)).doesNotThrowAnyException();
    assertThatThrownBy(() -> oracle.check(true)).isInstanceOf(AssertionError.class);
  }
}
