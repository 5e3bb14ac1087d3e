package dev.freshet.app.postgres;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// The server programs of one PostgreSQL major version, ready to run.
///
/// @param folder holds `initdb`, `pg_ctl` and `postgres`
record Binaries(int major, Path folder) {
  private static final List<String> SYSTEM_FOLDERS =
      List.of(
          "/usr/lib/postgresql/%d/bin",
          "/usr/pgsql-%d/bin",
          "/opt/homebrew/opt/postgresql@%d/bin",
          "/usr/local/opt/postgresql@%d/bin");

  /// Those on the class path first, then an installation on this machine.
  static Binaries find(int major) {
    return BinaryArchive.onClassPath().stream()
        .filter(archive -> archive.major() == major)
        .findFirst()
        .map(archive -> new Binaries(major, archive.unpack(Folders.cache()).resolve("bin")))
        .or(() -> installed(major))
        .orElseThrow(() -> notFound(major));
  }

  String program(String name) {
    return folder.resolve(name).toString();
  }

  private static Optional<Binaries> installed(int major) {
    return SYSTEM_FOLDERS.stream()
        .map(folder -> Path.of(folder.formatted(major)))
        .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
        .map(folder -> new Binaries(major, folder))
        .findFirst();
  }

  private static FreshetException notFound(int major) {
    TreeSet<Integer> available = new TreeSet<>();
    BinaryArchive.onClassPath().forEach(archive -> available.add(archive.major()));
    IntStream.rangeClosed(14, 18).filter(m -> installed(m).isPresent()).forEach(available::add);
    return new FreshetException(
        Problem.of("58P01", "no programs of PostgreSQL " + major + " found")
            .withDetail(
                "Found on this machine: " + (available.isEmpty() ? "none" : available) + ".")
            .withHint("Choose another version, or install the server package of this one."));
  }
}
