package dev.freshet.tests.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Plays a transcript and writes down what happens, in the same form:
///
/// ```text
/// # a remark
/// sql> CREATE TABLE t (a int)
/// file> t.sql                          the lines below it, up to "end", are its content
/// CREATE MATERIALIZED VIEW v AS ...
/// end
/// $ freshet apply t.sql                the lines below it are what it writes, but blank ones
/// ! ERROR:  ...                        on the error stream
/// exit 1                               unless it is 0
/// ```
final class Session {
  private final Connection connection;
  private final Map<String, String> environment;
  private final Path directory;
  private final List<String> played = new ArrayList<>();

  Session(Connection connection, Map<String, String> environment, Path directory) {
    this.connection = connection;
    this.environment = environment;
    this.directory = directory;
  }

  /// The transcript with what really happened.
  List<String> play(List<String> transcript) throws SQLException, IOException {
    for (int i = 0; i < transcript.size(); i++) {
      String line = transcript.get(i);
      if (line.startsWith("sql> ")) {
        played.add(line);
        execute(line.substring(5));
      } else if (line.startsWith("file> ")) {
        i = write(transcript, i);
      } else if (line.startsWith("$ freshet ")) {
        played.add(line);
        run(line.substring(10));
      } else if (line.isEmpty() || line.startsWith("# ")) {
        played.add(line);
      }
    }
    return played;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int write(List<String> transcript, int start) throws IOException {
    int end = start + transcript.subList(start, transcript.size()).indexOf("end");
    played.addAll(transcript.subList(start, end + 1));
    Path file = directory.resolve(transcript.get(start).substring(6));
    Files.createDirectories(file.getParent());
    Files.write(file, transcript.subList(start + 1, end));
    return end;
  }

  private void run(String command) {
    String[] arguments =
        Arrays.stream(command.split(" ")).map(this::inDirectory).toArray(String[]::new);
    Ran ran = Ran.run(environment, arguments);
    ran.out().lines().filter(line -> !line.isBlank()).forEach(line -> add("  ", line));
    ran.err().lines().dropWhile(Session::isProgress).forEach(line -> add("! ", line));
    if (ran.exitCode() != 0) {
      played.add("exit " + ran.exitCode());
    }
  }

  /// Names of files of the transcript mean the session's own directory.
  private String inDirectory(String argument) {
    return Files.exists(directory.resolve(argument)) && !argument.startsWith("-")
        ? directory.resolve(argument).toString()
        : argument;
  }

  /// What comes before an error depends on how fast the server is.
  private static boolean isProgress(String line) {
    return !line.contains("ERROR:") && !line.equals("{");
  }

  private void add(String prefix, String line) {
    String shown = line.replace(directory + "/", "").replace(directory.toString(), ".");
    played.add(prefix + Masks.mask(shown).stripTrailing());
  }
}
