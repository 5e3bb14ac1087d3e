package dev.freshet.tests.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Freshet;
import dev.freshet.app.Main;
import dev.freshet.tests.server.Await;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.databind.json.JsonMapper;

/// `freshet serve` as a process.
final class ServeTest {
  private static final int TERMINATED = 128 + 15;

  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws SQLException {
    database = TestServer.shared(TestServer.majors().getLast()).createDatabase();
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    database.close();
  }

  @Test
  void aSignalCancelsWhatRunsAndLeavesItDue()
      throws SQLException, IOException, InterruptedException {
    database.execute(
        """
        CREATE FUNCTION gate() RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN 1; END $$\
        """);
    Freshet.connect(database.source())
        .create("CREATE MATERIALIZED VIEW held AS SELECT gate() AS g");
    Process serve = serve("--listen", "127.0.0.1:0");
    Client client = new Client(url(serve), List.of());
    assertThat(client.get("/health").status()).isEqualTo(200);
    try (Connection gate = database.connect();
        Statement statement = gate.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(1)");
      Answer queued = client.post("/api/views/held/refreshes", "");
      Await.until("it runs", () -> client.get(queued.location()).text("status").equals("running"));
      Await.until(database, "SELECT last_outcome FROM freshet.views", "running");
      serve.destroy();
      assertThat(serve.waitFor()).isEqualTo(TERMINATED);
    }
    assertThat(database.string("SELECT last_outcome FROM freshet.views")).isEqualTo("failed");
    assertThat(
            database.strings(
                "SELECT execution_time <= now() AND NOT picked FROM freshet.scheduled_tasks"))
        .containsExactly("t");
  }

  @Test
  void anAddressForOthersNeedsAToken() throws IOException, InterruptedException {
    Process serve = serve("--listen", "0.0.0.0:0");
    assertThat(serve.waitFor()).isEqualTo(1);
    String errors = serve.errorReader().lines().collect(Collectors.joining("\n"));
    assertThat(errors).contains("refusing to listen on 0.0.0.0 without a token");
  }

  private Process serve(String... arguments) throws IOException {
    PGSimpleDataSource source = database.source();
    String url =
        "postgresql://%s:%s@127.0.0.1:%d/%s"
            .formatted(
                source.getUser(),
                source.getPassword(),
                source.getPortNumbers()[0],
                source.getDatabaseName());
    List<String> start =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "--url",
            url,
            "--json",
            "serve");
    List<String> command = new ArrayList<>(start);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).start();
  }

  /// What it says when it is ready.
  private static String url(Process serve) {
    BufferedReader out = serve.inputReader();
    String json = out.lines().takeWhile(line -> !line.equals("}")).collect(Collectors.joining());
    return JsonMapper.shared().readTree(json + "}").path("url").asString();
  }
}
