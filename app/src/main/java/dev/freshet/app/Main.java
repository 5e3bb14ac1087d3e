package dev.freshet.app;

import dev.freshet.app.command.Commands;
import dev.freshet.app.command.Invocation;
import dev.freshet.app.connect.ServerChoice;
import dev.freshet.app.postgres.EmbeddedPostgres;
import dev.freshet.app.postgres.ServerOptions;
import dev.freshet.app.show.TerminalProbe;
import java.util.Map;
import java.util.Optional;

/// The program `freshet`.
public final class Main {
  private Main() {}

  /// Runs one command and exits with its code.
  public static void main(String[] arguments) {
    Map<String, String> environment = System.getenv();
    String userName = System.getProperty("user.name", "postgres");
    Invocation run =
        new Invocation(
            environment,
            new ServerChoice(environment, userName, Main::embedded),
            TerminalProbe.ofProcess(environment));
    run.interruption().listen();
    int code = Commands.run(run, arguments);
    run.interruption().finish();
    System.exit(code);
  }

  /// The server of `freshet demo` and `freshet serve`, if it runs.
  private static Optional<String> embedded() {
    return EmbeddedPostgres.runningUrl(ServerOptions.standard().home());
  }
}
