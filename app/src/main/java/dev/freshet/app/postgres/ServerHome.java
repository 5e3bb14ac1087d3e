package dev.freshet.app.postgres;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;

/// The directory of one server:
///
/// ```text
/// data/      PostgreSQL's data directory
/// password   of the superuser, readable by the owner only
/// port       of the last run
/// kept       stands while a server runs that was left on purpose
/// lock       held by the program that looks after the server
/// log        what the server says
/// ```
record ServerHome(Path root) {

  /// Opens the directory, made if need be. A directory of something else is left alone.
  static ServerHome create(Path root) {
    ServerHome home = new ServerHome(root);
    try {
      Files.createDirectories(root);
      if (!Files.exists(home.lock()) && !isEmpty(root)) {
        throw new FreshetException(home.notOurs());
      }
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
      return home;
    } catch (IOException e) {
      throw new FreshetException(home.notUsable(e), e);
    }
  }

  Path data() {
    return root.resolve("data");
  }

  Path password() {
    return root.resolve("password");
  }

  Path lock() {
    return root.resolve("lock");
  }

  Path log() {
    return root.resolve("log");
  }

  String readPassword() {
    return read(password()).orElseThrow();
  }

  Optional<Integer> lastPort() {
    return read(root.resolve("port")).map(Integer::valueOf);
  }

  void writePort(int port) {
    write(root.resolve("port"), String.valueOf(port));
  }

  boolean isKept() {
    return Files.exists(root.resolve("kept"));
  }

  void markKept(boolean kept) {
    Path mark = root.resolve("kept");
    try {
      if (kept) {
        write(mark, "");
      } else {
        Files.deleteIfExists(mark);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The version that wrote the data; empty if there are none.
  Optional<Integer> major() {
    return read(data().resolve("PG_VERSION")).map(Integer::valueOf);
  }

  /// Refuses data that another major version wrote: PostgreSQL cannot read them.
  void requireMajor(int wanted) {
    Optional<Integer> found = major();
    if (found.isPresent() && found.get() != wanted) {
      throw new FreshetException(otherMajor(found.get(), wanted));
    }
  }

  /// A small file's content without the white space around it; empty if there is no such file.
  static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The file becomes its directory's owner's, and nobody else can read it.
  static void write(Path file, String content) {
    try {
      Files.writeString(file, content + "\n");
      Files.setOwner(file, Files.getOwner(file.getParent()));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  private Problem otherMajor(int found, int wanted) {
    return Problem.of("55000", "data directory \"" + data() + "\" belongs to PostgreSQL " + found)
        .withDetail("The server to be started is PostgreSQL " + wanted + ", which cannot read it.")
        .withHint("Start PostgreSQL " + found + ", or choose another directory.");
  }

  private Problem notOurs() {
    return Problem.of("55000", "directory \"" + root + "\" is not a server of Freshet")
        .withHint("Choose a directory that is empty or does not exist.");
  }

  private Problem notUsable(IOException reason) {
    return Problem.of("58030", "could not use directory \"" + root + "\"")
        .withDetail(reason.toString())
        .withHint("Choose a directory that you may write.");
  }
}
