package dev.freshet.app.postgres;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// Programs of the operating system.
final class Program {
  private Program() {}

  /// How a program ended, with all that it printed.
  record Result(int exitCode, String output) {}

  static boolean isInstalled(String name) {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/bin:/bin");
    return Stream.of(path.split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  static boolean succeeds(List<String> command) {
    return run(command).exitCode == 0;
  }

  static Result run(List<String> command) {
    try {
      Process process = builder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(String.join(" ", command));
    }
  }

  /// What to throw when a wait was interrupted.
  static FreshetException interrupted(String waitingFor) {
    Thread.currentThread().interrupt();
    return new FreshetException(Problem.of("57014", "interrupted while waiting for " + waitingFor));
  }

  /// A process that speaks English and knows nothing of the caller's own PostgreSQL settings.
  static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(new File("/"));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PG"));
    environment.put("LC_ALL", "C");
    return builder;
  }
}
