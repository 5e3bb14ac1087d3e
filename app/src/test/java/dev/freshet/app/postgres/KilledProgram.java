package dev.freshet.app.postgres;

import java.io.IOException;
import java.nio.file.Path;

/// Starts a server on the directory in its argument and waits to be killed.
final class KilledProgram {
  private KilledProgram() {}

  public static void main(String[] arguments) throws IOException {
    EmbeddedPostgres.start(ServerOptions.in(Path.of(arguments[0])));
    System.out.println("started");
    System.in.read();
  }
}
