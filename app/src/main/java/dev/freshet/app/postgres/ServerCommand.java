package dev.freshet.app.postgres;

import dev.freshet.app.postgres.ServerOptions.Lifetime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The command line that starts a server.
final class ServerCommand {
  private ServerCommand() {}

  static List<String> write(Installation installation, ServerOptions options, int port) {
    return Stream.of(
            installation.user().prefix().stream(),
            endsWithProgram(options),
            ownSession(),
            Stream.of(installation.binaries().program("postgres")),
            Stream.of("-D", installation.home().data().toString()),
            settings(options, port))
        .flatMap(words -> words)
        .toList();
  }

  /// Where the kernel offers it, a server does not outlive a program that was killed.
  private static Stream<String> endsWithProgram(ServerOptions options) {
    boolean wanted = options.lifetime() != Lifetime.KEPT && Program.isInstalled("setpriv");
    return wanted ? Stream.of("setpriv", "--pdeathsig", "INT") : Stream.empty();
  }

  /// Ctrl-C in the terminal is for the program, which then ends the server in its own time.
  private static Stream<String> ownSession() {
    return Program.isInstalled("setsid") ? Stream.of("setsid") : Stream.empty();
  }

  private static Stream<String> settings(ServerOptions options, int port) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("unix_socket_directories", "");
    if (options.lifetime() == Lifetime.TEMPORARY) {
      settings.put("fsync", "off");
      settings.put("synchronous_commit", "off");
      settings.put("full_page_writes", "off");
    }
    settings.putAll(options.settings());
    settings.put("port", String.valueOf(port));
    return settings.entrySet().stream()
        .flatMap(setting -> Stream.of("-c", setting.getKey() + "=" + setting.getValue()));
  }
}
