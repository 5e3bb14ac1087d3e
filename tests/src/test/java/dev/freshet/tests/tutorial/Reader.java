package dev.freshet.tests.tutorial;

import dev.freshet.app.command.Commands;
import dev.freshet.app.command.Invocation;
import dev.freshet.app.connect.ServerChoice;
import dev.freshet.app.postgres.EmbeddedPostgres;
import dev.freshet.app.show.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Somebody who follows the tutorial to the letter, in a directory and on a server of their own.
final class Reader implements AutoCloseable {
  private static final String PROGRAM = "./freshet ";

  private final Path directory;
  private final Connection connection;
  private final Map<String, String> environment;

  Reader(EmbeddedPostgres server, Path directory) throws SQLException {
    this.directory = directory;
    this.connection = server.dataSource().getConnection();
    this.environment = Map.of("FRESHET_TUTORIAL_URL", server.url());
  }

  /// Does what a block says, and returns what is printed.
  String follow(Block block) throws SQLException {
    return switch (block.kind()) {
      case PROSE, OUTPUT, OTHER -> "";
      case FILE -> write(block.file(), block.text());
      case SQL -> Psql.run(connection, block.text());
      case SHELL -> block.text().lines().map(this::command).collect(Collectors.joining());
    };
  }

  private String write(String name, String text) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, text);
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String command(String line) {
    if (!line.startsWith(PROGRAM)) {
      throw new IllegalArgumentException("not a command of the tutorial: " + line);
    }
    String[] arguments = line.substring(PROGRAM.length()).split(" ", -1);
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = arguments[i].replace("views/", directory.resolve("views") + "/");
    }
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      Commands.run(invocation(out), arguments);
    }
    return printed.toString(StandardCharsets.UTF_8).replace(directory + "/", "");
  }

  private Invocation invocation(PrintStream out) {
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(), out, out, false, Terminal.UNLIMITED, Clock.systemUTC());
    Optional<String> url = Optional.ofNullable(environment.get("FRESHET_TUTORIAL_URL"));
    return new Invocation(Map.of(), new ServerChoice(Map.of(), "reader", () -> url), terminal);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
