package dev.freshet.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.tests.fixture.Fixture;
import dev.freshet.tests.fixture.FixtureRun;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The runner itself: what is wrong in a fixture is found, and what it writes is what it read.
final class FixtureRunnerTest {
  private @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "query\nSELECT 1 AS one\n----\n one\n-----\n   2\n(1 row)",
        "query\nSELECT 1 AS one",
        "step\nSELECT 1 / 0",
        "refused\nSELECT 1\n----\nERROR:  22012: division by zero",
        "refused\nSELECT 1 / 0\n----\nERROR:  22012: division by one",
        "session a: blocks step\nSELECT 1",
        "mistake",
        "setup\nCREATE SCHEMA freshet_left",
        "apply\nCREATE MATERIALIZED VIEW v AS SELECT 1 AS a;\n\nstep\nCREATE TABLE freshet_data.v_99 ()",
        "setup\nCREATE TABLE t ();\n\napply\nCREATE MATERIALIZED VIEW v AS SELECT count(*) FROM t;\n\n"
            + "step\nINSERT INTO t DEFAULT VALUES\n\nfresh"
      })
  void wrongFixturesFail(String text) {
    assertThatThrownBy(() -> run(text, false))
        .isInstanceOfAny(AssertionError.class, RuntimeException.class);
  }

  @Test
  void updateWritesWhatWasPrinted() throws Exception {
    String text = "# a comment\n\nquery\nSELECT 1 AS one, NULL AS two\n----\nwrong\n";
    assertThat(run(text, true).text())
        .isEqualTo(
            """
            # a comment

            query
            SELECT 1 AS one, NULL AS two
            ----
             one | two
            -----+-----
               1 | ∅
            (1 row)
            """);
  }

  @Test
  void textIsKeptAsItWas() throws Exception {
    String text =
        "# comment\nsetup\nSELECT 'a;b', $x$;$x$ -- ;\n\n\nsession a: step\nBEGIN;\nCOMMIT;\n";
    assertThat(run(text, true).text()).isEqualTo(text);
  }

  private Fixture run(String text, boolean update) throws Exception {
    Path file = folder.resolve("this.test");
    Files.writeString(file, text);
    int major = TestServer.majors().getFirst();
    try (TestDatabase database = TestServer.shared(major).createDatabase()) {
      return FixtureRun.run(Fixture.read(file), database, update).fixture();
    }
  }
}
