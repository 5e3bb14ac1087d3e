package dev.freshet.app.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A file of passwords in libpq's format: `host:port:database:user:password` in each line, a star
/// for any, a backslash before a colon or backslash. A file that others may read is not read.
public final class PasswordFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

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

  /// The password of the first line that fits the first host that has one.
  static Optional<String> find(Path file, ConnectionSettings settings) {
    List<List<String>> entries = read(file);
    return settings.hosts().stream()
        .flatMap(host -> entries.stream().filter(entry -> fits(entry, host, settings)))
        .map(entry -> entry.get(4))
        .findFirst();
  }

  private static boolean fits(List<String> entry, Host host, ConnectionSettings settings) {
    return entry.size() >= 5
        && fits(entry.get(0), host.name())
        && fits(entry.get(1), String.valueOf(host.port()))
        && fits(entry.get(2), settings.database().orElseThrow())
        && fits(entry.get(3), settings.user().orElseThrow());
  }

  private static boolean fits(String field, String value) {
    return field.equals("*") || field.equals(value);
  }

  private static List<List<String>> read(Path file) {
    try {
      if (!Files.isRegularFile(file) || !isPrivate(file)) {
        return List.of();
      }
      return Files.readAllLines(file).stream()
          .filter(line -> !line.startsWith("#"))
          .map(PasswordFile::fields)
          .toList();
    } catch (IOException e) {
      return List.of(); // as libpq: a file that cannot be read has no password
    }
  }

  private static boolean isPrivate(Path file) throws IOException {
    return OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file));
  }

  /// The fields of a line, unescaped.
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char character = line.charAt(i);
      if (character == '\\' && i + 1 < line.length()) {
        i++;
        field.append(line.charAt(i));
      } else if (character == ':' && fields.size() < 4) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(character);
      }
    }
    fields.add(field.toString());
    return fields;
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
