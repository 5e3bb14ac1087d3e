package dev.freshet.tests.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.app.postgres.EmbeddedPostgres;
import dev.freshet.app.postgres.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Plays the transcripts of `src/test/resources/commands`, each on a database of its own, and
/// compares. With `-Dfreshet.update` they are written anew.
final class SessionsTest {
  private static final Path TRANSCRIPTS = Path.of("src/test/resources/commands");

  @AutoClose
  private static final EmbeddedPostgres SERVER = EmbeddedPostgres.start(ServerOptions.temporary());

  static List<String> transcripts() throws IOException {
    try (Stream<Path> files = Files.list(TRANSCRIPTS)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("transcripts")
  void plays(String name, @TempDir Path directory) throws SQLException, IOException {
    Path file = TRANSCRIPTS.resolve(name);
    List<String> expected = Files.readAllLines(file);
    List<String> played = play(name, expected, directory);
    if (Boolean.getBoolean("freshet.update")) {
      Files.write(file, played);
    } else {
      assertThat(played).containsExactlyElementsOf(expected);
    }
  }

  private static List<String> play(String name, List<String> transcript, Path directory)
      throws SQLException, IOException {
    String database = name.replace(".txt", "");
    try (Connection admin = SERVER.dataSource().getConnection();
        Statement statement = admin.createStatement()) {
      statement.execute("CREATE DATABASE \"" + database + "\"");
    }
    String url = SERVER.url().replaceFirst("/postgres$", "/" + database);
    try (Connection connection = connect(url)) {
      return new Session(connection, environment(url), directory).play(transcript);
    }
  }

  private static Connection connect(String url) throws SQLException {
    Map<String, String> variables = environment(url);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%s/%s"
            .formatted(variables.get("PGPORT"), variables.get("PGDATABASE")),
        variables.get("PGUSER"),
        variables.get("PGPASSWORD"));
  }

  /// The URL as libpq's variables.
  private static Map<String, String> environment(String url) {
    String[] parts = url.split("[:/@]+", -1);
    return Map.of(
        "PGUSER", parts[1],
        "PGPASSWORD", parts[2],
        "PGHOST", parts[3],
        "PGPORT", parts[4],
        "PGDATABASE", parts[5]);
  }
}
