package dev.freshet.app.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Keeps a password in a file of libpq's format, so that no URL has to show it.
public final class PasswordFile {
  private PasswordFile() {}

  /// Writes the password of `url` to `file`, which only its owner may read, and returns the URL
  /// that names the file instead: psql takes it as it is.
  public static String takePassword(String url, Path file) {
    ConnectionSettings settings = ConnectionUrl.parse(url);
    Host host = settings.hosts().getFirst();
    String line =
        String.join(
            ":",
            escape(host.name()),
            String.valueOf(host.port()),
            "*",
            escape(settings.user().orElseThrow()),
            escape(settings.password().orElseThrow()));
    write(file, line + "\n");
    return settings.display() + "?passfile=" + UrlText.encode(file.toString()).replace("%2F", "/");
  }

  private static String escape(String field) {
    return field.replace("\\", "\\\\").replace(":", "\\:");
  }

  private static void write(Path file, String text) {
    try {
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
