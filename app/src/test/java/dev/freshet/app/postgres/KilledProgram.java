package dev.freshet.app.postgres;

import dev.freshet.app.postgres.ServerOptions.Lifetime;
import java.io.IOException;
import java.nio.file.Path;

/// Starts a server on the directory in its first argument, with the lifetime in its second, and
/// waits to be killed.
final class KilledProgram {
  private KilledProgram() {}

  public static void main(String[] arguments) throws IOException {
    EmbeddedPostgres.start(
        ServerOptions.in(Path.of(arguments[0])).withLifetime(Lifetime.valueOf(arguments[1])));
    System.out.println("started");
    System.in.read();
  }
}
