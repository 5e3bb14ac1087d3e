package dev.freshet.tests.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// One run of the launcher that has ended.
///
/// @param output standard output
/// @param errors standard error
record Launched(int exitCode, String output, String errors) {
  private static final Path LAUNCHER = Path.of("..", "freshet").toAbsolutePath().normalize();

  /// Runs the launcher with these variables on top of the test's own environment. An empty value
  /// removes the variable.
  static Launched launch(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return launch(LAUNCHER, environment, arguments);
  }

  static Launched launch(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path errors = Files.createTempFile("launcher", ".err");
    try {
      List<String> command =
          Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments)).toList();
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      builder.environment().putAll(environment);
      builder.environment().values().removeIf(String::isEmpty);
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Launched(process.waitFor(), output, Files.readString(errors));
    } finally {
      Files.delete(errors);
    }
  }

  static Path launcher() {
    return LAUNCHER;
  }
}
