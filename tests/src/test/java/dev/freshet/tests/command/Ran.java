package dev.freshet.tests.command;

import dev.freshet.app.command.Commands;
import dev.freshet.app.command.Invocation;
import dev.freshet.app.connect.ServerChoice;
import dev.freshet.app.show.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/// One command that has ended.
///
/// @param out what it wrote as its result
/// @param err what it wrote as errors and progress
record Ran(int exitCode, String out, String err) {

  /// Runs the program in this process, as it runs where nobody watches.
  static Ran run(Map<String, String> environment, String... arguments) {
    return runWith("", environment, arguments);
  }

  static Ran runWith(String input, Map<String, String> environment, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            Terminal.UNLIMITED,
            Clock.systemUTC());
    ServerChoice choice = new ServerChoice(environment, "nobody", Optional::empty);
    int code = Commands.run(new Invocation(environment, choice, terminal), arguments);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
