package dev.freshet.app.postgres;

import dev.freshet.FreshetException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Objects;
import java.util.Optional;

/// Starts a server on a port that is free, and again where the first try fails for a reason that
/// passes.
final class Launch {
  private static final int ATTEMPTS = 50;
  private static final int PAUSE_MILLIS = 100;

  private Launch() {}

  static Postmaster launch(Installation installation, ServerOptions options) {
    for (int attempt = 1; ; attempt++) {
      int port = choosePort(installation.home(), options);
      try {
        Postmaster started =
            Postmaster.start(installation, ServerCommand.write(installation, options, port), port);
        installation.home().writePort(port);
        return started;
      } catch (FreshetException e) {
        if (attempt == ATTEMPTS || !passes(e, options)) {
          throw e;
        }
        pause();
      }
    }
  }

  /// Another program was faster to take the free port, or sessions of a killed server are not all
  /// gone yet.
  private static boolean passes(FreshetException failure, ServerOptions options) {
    String log = Objects.requireNonNullElse(failure.problem().detail(), "");
    return log.contains("pre-existing shared memory block")
        || (options.port() == 0 && log.contains("Address already in use"));
  }

  private static int choosePort(ServerHome home, ServerOptions options) {
    if (options.port() != 0) {
      return options.port();
    }
    return home.lastPort().flatMap(Launch::bind).or(() -> bind(0)).orElseThrow();
  }

  /// The port that could be bound; 0 asks for any.
  private static Optional<Integer> bind(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return Optional.of(socket.getLocalPort());
    } catch (IOException e) {
      if (port == 0) {
        throw new UncheckedIOException(e);
      }
      return Optional.empty();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw Program.interrupted("the server to start");
    }
  }
}
