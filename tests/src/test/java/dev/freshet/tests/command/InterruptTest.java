package dev.freshet.tests.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Freshet;
import dev.freshet.app.Main;
import dev.freshet.app.postgres.EmbeddedPostgres;
import dev.freshet.app.postgres.ServerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ctrl-C in a program of its own: what runs on the server is cancelled, and nothing is changed.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class InterruptTest {
  private static final String VIEW =
      """
      CREATE MATERIALIZED VIEW slow WITH (freshet.refresh = 'full') AS
      SELECT a, pg_sleep(pause.seconds)::text AS slept FROM t, pause;
      """;

  @AutoClose
  private static final EmbeddedPostgres SERVER = EmbeddedPostgres.start(ServerOptions.temporary());

  private static final Freshet FRESHET = prepared();

  @ParameterizedTest
  @ValueSource(strings = {"refresh slow", "verify slow"})
  void cancelsOnTheServer(String command) throws Exception {
    execute("UPDATE pause SET seconds = 600");
    Process program = start(command);
    awaitSleepingBackend();
    new ProcessBuilder("kill", "-INT", String.valueOf(program.pid())).start().waitFor();
    String errors = new String(program.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(program.waitFor()).isEqualTo(130);
    assertThat(errors).contains("ERROR:  canceling statement due to user request");
    assertThat(number(SLEEPING)).isZero();
    assertThat(number("SELECT count(*) FROM slow")).isEqualTo(1);
  }

  @Test
  void refreshesAgainAfterwards() throws SQLException {
    execute("UPDATE pause SET seconds = 0");
    assertThat(FRESHET.refresh("slow").work().rows()).isEqualTo(1);
  }

  private static final String SLEEPING =
      "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";

  private static Freshet prepared() {
    try {
      execute("CREATE TABLE t (a int)");
      execute("CREATE TABLE pause (seconds float8)");
      execute("INSERT INTO t VALUES (1)");
      execute("INSERT INTO pause VALUES (0)");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    Freshet freshet = Freshet.connect(SERVER.dataSource());
    freshet.install();
    freshet.create(VIEW);
    return freshet;
  }

  private static Process start(String command) throws IOException {
    // Whoever starts these tests in the background may have them ignore the signal.
    List<String> words = new ArrayList<>(List.of("env", "--default-signal=INT"));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    words.addAll(List.of("--url", SERVER.url()));
    words.addAll(List.of(command.split(" ", -1)));
    return new ProcessBuilder(words).start();
  }

  private static void awaitSleepingBackend() throws SQLException {
    while (number(SLEEPING) == 0) {
      Thread.onSpinWait();
    }
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = SERVER.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(String sql) throws SQLException {
    try (Connection connection = SERVER.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
