package dev.freshet.app.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the program keeps its files. Root's home is closed to the account that PostgreSQL then
/// runs under, so root uses the system's folders.
final class Folders {
  private Folders() {}

  /// What can be made again, such as unpacked binaries.
  static Path cache() {
    return folder(System.getenv("XDG_CACHE_HOME"), "/var/cache", ".cache");
  }

  /// What must stay, such as a data directory.
  static Path data() {
    return folder(System.getenv("XDG_DATA_HOME"), "/var/lib", ".local/share");
  }

  /// A new directory for one run.
  static Path temporary() {
    try {
      return Files.createTempDirectory("freshet-postgres-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder(@Nullable String chosen, String ofRoot, String ofUser) {
    if (chosen != null && !chosen.isBlank()) {
      return Path.of(chosen, "freshet");
    }
    Path base =
        ServerUser.isRoot() ? Path.of(ofRoot) : Path.of(System.getProperty("user.home"), ofUser);
    return base.resolve("freshet");
  }
}
