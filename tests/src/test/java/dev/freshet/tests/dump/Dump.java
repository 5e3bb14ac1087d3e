package dev.freshet.tests.dump;

import dev.freshet.tests.server.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.postgresql.ds.PGSimpleDataSource;

/// A database as pg_dump writes it, with the client programs of this machine.
record Dump(Path programs, Path file) {
  /// The folder of programs that can dump a server of this major version.
  static Optional<Path> programs(int major) {
    return IntStream.rangeClosed(major, major + 5)
        .mapToObj(version -> Path.of("/usr/lib/postgresql/%d/bin".formatted(version)))
        .filter(folder -> Files.isExecutable(folder.resolve("pg_dump")))
        .findFirst();
  }

  static Dump of(TestDatabase database, Path programs, Path file)
      throws IOException, InterruptedException {
    run(database, programs.resolve("pg_dump"), "--file", file.toString());
    return new Dump(programs, file);
  }

  /// @throws IllegalStateException if a statement of the dump fails
  void restore(TestDatabase database) throws IOException, InterruptedException {
    run(
        database,
        programs.resolve("psql"),
        "--quiet",
        "--file",
        file.toString(),
        "--set",
        "ON_ERROR_STOP=1");
  }

  private static void run(TestDatabase database, Path program, String... arguments)
      throws IOException, InterruptedException {
    PGSimpleDataSource source = database.source();
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of("--host", source.getServerNames()[0]));
    command.addAll(List.of("--port", String.valueOf(source.getPortNumbers()[0])));
    command.addAll(List.of("--username", String.valueOf(source.getUser())));
    command.addAll(List.of("--dbname", String.valueOf(source.getDatabaseName()), "--no-password"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", String.valueOf(source.getPassword()));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(program + ": " + output);
    }
  }
}
