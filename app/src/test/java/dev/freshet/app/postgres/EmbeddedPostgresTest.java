package dev.freshet.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.FreshetException;
import dev.freshet.app.postgres.ServerOptions.Lifetime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Everything here starts real servers. The home is not a `@TempDir`: that one is closed to the
/// account that PostgreSQL runs under when the tests run as root.
final class EmbeddedPostgresTest {
  private final Path home = Folders.temporary();

  @AfterEach
  void removeHome() throws IOException {
    if (Files.exists(home.resolve("lock"))) {
      EmbeddedPostgres.stop(home);
    }
    Trees.delete(home);
  }

  @Test
  void dataStayFromRunToRun() throws SQLException {
    int port;
    try (EmbeddedPostgres server = EmbeddedPostgres.start(ServerOptions.in(home))) {
      execute(server, "CREATE TABLE kept AS SELECT 1 AS id");
      port = server.port();
    }
    assertThat(EmbeddedPostgres.runningUrl(home)).isEmpty();
    try (EmbeddedPostgres server = EmbeddedPostgres.start(ServerOptions.in(home))) {
      assertThat(query(server, "SELECT count(*) FROM kept")).isEqualTo("1");
      assertThat(server.port()).isEqualTo(port);
      assertThat(EmbeddedPostgres.runningUrl(home)).contains(server.url());
    }
  }

  @Test
  void committedRowsSurviveAKill() throws SQLException {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(ServerOptions.in(home))) {
      execute(server, "CREATE TABLE kept AS SELECT 1 AS id");
      server.kill();
      assertThat(server.isRunning()).isFalse();
      server.restart();
      assertThat(query(server, "SELECT count(*) FROM kept")).isEqualTo("1");
      assertThat(server.log()).content().contains("database system was not properly shut down");
    }
  }

  @Test
  void aTemporaryServerLeavesNothing() throws SQLException {
    ServerOptions options =
        ServerOptions.temporary()
            .withSetting("work_mem", "5MB")
            .withSetting("wal_level", "minimal")
            .withSetting("max_wal_senders", "0");
    try (EmbeddedPostgres server = EmbeddedPostgres.start(options)) {
      assertThat(query(server, "SHOW work_mem")).isEqualTo("5MB");
      assertThat(query(server, "SHOW server_version_num"))
          .startsWith(String.valueOf(server.major()));
    }
    assertThat(options.home()).doesNotExist();
  }

  @Test
  void asksForThePassword() {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(ServerOptions.in(home))) {
      String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres";
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> DriverManager.getConnection(url, "postgres", "guess").close())
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
      assertThat(server.url()).contains(new ServerHome(home).readPassword());
    }
  }

  @Test
  void aSecondStartIsRefused() {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(ServerOptions.in(home))) {
      assertThatExceptionOfType(FreshetException.class)
          .isThrownBy(() -> EmbeddedPostgres.start(ServerOptions.in(home)))
          .withMessage(
              "directory \"%s\" is in use by process %d", home, ProcessHandle.current().pid())
          .satisfies(e -> assertThat(e.sqlState()).isEqualTo("55006"));
      assertThat(server.isRunning()).isTrue();
    }
  }

  @Test
  void dataOfAnotherMajorAreRefused() {
    EmbeddedPostgres.start(ServerOptions.in(home)).close();
    assertThatExceptionOfType(FreshetException.class)
        .isThrownBy(() -> EmbeddedPostgres.start(ServerOptions.in(home).withMajor(16)))
        .withMessage("data directory \"%s\" belongs to PostgreSQL 17", home.resolve("data"))
        .satisfies(e -> assertThat(e.problem().hint()).startsWith("Start PostgreSQL 17"));
    EmbeddedPostgres.start(ServerOptions.in(home)).close();
  }

  @Test
  void aMajorThatIsNowhereIsRefused() {
    assertThatExceptionOfType(FreshetException.class)
        .isThrownBy(() -> EmbeddedPostgres.start(ServerOptions.in(home).withMajor(9)))
        .withMessage("no programs of PostgreSQL 9 found")
        .satisfies(e -> assertThat(e.problem().detail()).contains("17"));
  }

  @Test
  void aDirectoryOfSomethingElseIsLeftAlone() throws IOException {
    Files.writeString(home.resolve("letter.txt"), "mine");
    assertThatExceptionOfType(FreshetException.class)
        .isThrownBy(() -> EmbeddedPostgres.start(ServerOptions.in(home)))
        .withMessage("directory \"%s\" is not a server of Freshet", home);
    assertThat(home).isDirectoryContaining(file -> file.endsWith("letter.txt"));
  }

  @Test
  void aServerThatDoesNotStartSaysWhy() {
    ServerOptions options = ServerOptions.in(home).withSetting("shared_buffers", "nonsense");
    assertThatExceptionOfType(FreshetException.class)
        .isThrownBy(() -> EmbeddedPostgres.start(options))
        .withMessage("PostgreSQL did not start")
        .satisfies(e -> assertThat(e.problem().detail()).contains("shared_buffers"));
    EmbeddedPostgres.start(ServerOptions.in(home)).close();
  }

  @Test
  void aKeptServerIsUsedAsItIs() throws SQLException {
    ServerOptions kept = ServerOptions.in(home).withLifetime(Lifetime.KEPT);
    EmbeddedPostgres.start(kept).close();
    long pid = PidFile.read(new ServerHome(home)).orElseThrow().pid();
    try (EmbeddedPostgres server = EmbeddedPostgres.start(ServerOptions.in(home))) {
      assertThat(PidFile.read(new ServerHome(home)).orElseThrow().pid()).isEqualTo(pid);
      assertThat(query(server, "SELECT 1")).isEqualTo("1");
    }
    assertThat(ProcessHandle.of(pid)).isPresent();
    assertThat(EmbeddedPostgres.stop(home)).isTrue();
    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(EmbeddedPostgres.stop(home)).isFalse();
  }

  @Test
  void anOrphanIsStoppedFirst() throws SQLException {
    EmbeddedPostgres.start(ServerOptions.in(home).withLifetime(Lifetime.KEPT)).close();
    new ServerHome(home).markKept(false);
    long orphan = PidFile.read(new ServerHome(home)).orElseThrow().pid();
    try (EmbeddedPostgres server = EmbeddedPostgres.start(ServerOptions.in(home))) {
      assertThat(ProcessHandle.of(orphan)).isEmpty();
      assertThat(query(server, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aStrangerWithTheOldNumberIsNoServer() throws IOException {
    EmbeddedPostgres.start(ServerOptions.in(home)).close();
    long stranger = ProcessHandle.current().pid();
    Files.writeString(
        PidFile.of(new ServerHome(home)), "%d\n%s\n1\n1\n\n\n\nready\n".formatted(stranger, home));
    EmbeddedPostgres.start(ServerOptions.in(home)).close();
  }

  @Test
  void theServerEndsWithAKilledProgram() throws Exception {
    ProcessHandle server = startAndKillProgram(Lifetime.PROGRAM);
    if (Program.isInstalled("setpriv")) {
      server.onExit().get(30, TimeUnit.SECONDS);
    }
    EmbeddedPostgres.start(ServerOptions.in(home)).close();
    assertThat(server.isAlive()).isFalse();
  }

  @Test
  void aKeptServerOutlivesAKilledProgram() throws Exception {
    ProcessHandle server = startAndKillProgram(Lifetime.KEPT);
    try (EmbeddedPostgres found = EmbeddedPostgres.start(ServerOptions.in(home))) {
      assertThat(query(found, "SELECT 1")).isEqualTo("1");
    }
    assertThat(server.isAlive()).isTrue();
  }

  private ProcessHandle startAndKillProgram(Lifetime lifetime) throws Exception {
    Process program =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledProgram.class.getName(),
                home.toString(),
                lifetime.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(program.inputReader().lines().anyMatch("started"::equals)).isTrue();
    ProcessHandle server =
        PidFile.read(new ServerHome(home)).flatMap(PidFile::process).orElseThrow();
    program.destroyForcibly().waitFor();
    return server;
  }

  private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection = server.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection = server.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
