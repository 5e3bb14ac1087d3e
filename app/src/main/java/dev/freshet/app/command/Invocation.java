package dev.freshet.app.command;

import dev.freshet.Freshet;
import dev.freshet.app.connect.Server;
import dev.freshet.app.connect.ServerChoice;
import dev.freshet.app.show.Screen;
import dev.freshet.app.show.Terminal;
import java.util.Map;
import java.util.Optional;

/// One run of the program: what every command needs, made from the process and the global options.
public final class Invocation {
  private final Map<String, String> environment;
  private final ServerChoice choice;
  private final Terminal terminal;
  private final GlobalOptions options = new GlobalOptions();
  private final Interruption interruption = new Interruption();

  public Invocation(Map<String, String> environment, ServerChoice choice, Terminal terminal) {
    this.environment = Map.copyOf(environment);
    this.choice = choice;
    this.terminal = terminal;
  }

  /// The server that the user chose; not connected yet.
  Server server() {
    return choice.choose(Optional.ofNullable(options.url));
  }

  /// False if the user named no server, so that the embedded one is meant.
  boolean namesServer() {
    return choice.isNamed(Optional.ofNullable(options.url));
  }

  /// A server by its URL.
  Server server(String url) {
    return choice.choose(Optional.of(url));
  }

  /// The library on that server, for tasks that take [Interruption#cancellation].
  Freshet freshet() {
    return Freshet.connect(server());
  }

  /// The library on that server, for tasks that take none: Ctrl-C cancels every statement.
  Freshet cancelledFreshet() {
    Server server = server();
    interruption.cancellation().onCancel(server::cancelRunning);
    return Freshet.connect(server);
  }

  public Screen screen() {
    return new Screen(terminal, options.json, colour(), options.quiet);
  }

  public Interruption interruption() {
    return interruption;
  }

  public Map<String, String> environment() {
    return environment;
  }

  GlobalOptions options() {
    return options;
  }

  private boolean colour() {
    return switch (options.color) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO ->
          terminal.interactive()
              && environment.getOrDefault("NO_COLOR", "").isEmpty()
              && !"dumb".equals(environment.get("TERM"));
    };
  }
}
