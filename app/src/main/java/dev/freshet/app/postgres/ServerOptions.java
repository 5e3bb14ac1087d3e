package dev.freshet.app.postgres;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// Which server to run, where, and for how long.
///
/// @param home directory of the server: data, password, log
/// @param major PostgreSQL major version, 14 to 18
/// @param port TCP port on the loopback address; 0 takes the port of the last run, else a free one
/// @param lifetime what happens to the server and its data at the end
/// @param settings server settings by name, as in `postgresql.conf`
public record ServerOptions(
    Path home, int major, int port, Lifetime lifetime, Map<String, String> settings) {

  /// The major version that the program brings along.
  public static final int DEFAULT_MAJOR = 17;

  /// What happens when the server is closed, or the program ends.
  public enum Lifetime {
    /// The server stops and its data are deleted; nothing is flushed to disk.
    TEMPORARY,
    /// The server stops, the data stay.
    PROGRAM,
    /// The server goes on without the program, until [EmbeddedPostgres#stop(Path)].
    KEPT
  }

  public ServerOptions {
    home = home.toAbsolutePath().normalize();
    settings = Map.copyOf(settings);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
  }

  /// The user's own server, the same at each call.
  public static ServerOptions standard() {
    return in(Folders.data().resolve("postgres-" + DEFAULT_MAJOR));
  }

  /// A server whose data stay in `home` from run to run.
  public static ServerOptions in(Path home) {
    return new ServerOptions(home, DEFAULT_MAJOR, 0, Lifetime.PROGRAM, Map.of());
  }

  /// A server for tests: empty, fast, gone after [EmbeddedPostgres#close()].
  public static ServerOptions temporary() {
    return new ServerOptions(Folders.temporary(), DEFAULT_MAJOR, 0, Lifetime.TEMPORARY, Map.of());
  }

  public ServerOptions withMajor(int major) {
    return new ServerOptions(home, major, port, lifetime, settings);
  }

  public ServerOptions withPort(int port) {
    return new ServerOptions(home, major, port, lifetime, settings);
  }

  public ServerOptions withLifetime(Lifetime lifetime) {
    return new ServerOptions(home, major, port, lifetime, settings);
  }

  public ServerOptions withSetting(String name, String value) {
    Map<String, String> changed = new TreeMap<>(settings);
    changed.put(name, value);
    return new ServerOptions(home, major, port, lifetime, changed);
  }
}
