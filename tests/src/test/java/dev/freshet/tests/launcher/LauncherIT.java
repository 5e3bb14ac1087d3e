package dev.freshet.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every run keeps its start-up cache in a directory of its own.
final class LauncherIT {
  @TempDir private Path folder;

  @Test
  void startsTheProgram() throws Exception {
    Launched help = Launched.launch(uncached(), "--help");
    assertThat(help.errors()).isEmpty();
    assertThat(help.exitCode()).isZero();
    assertThat(help.output()).contains("Usage: freshet");
  }

  @Test
  void startsThroughALinkInAFolderWithASpace() throws Exception {
    Path link = Files.createDirectories(folder.resolve("my tools")).resolve("freshet");
    Files.createSymbolicLink(link, Launched.launcher());
    Launched version = Launched.launch(link, uncached(), "version");
    assertThat(version.errors()).isEmpty();
    assertThat(version.output()).startsWith("freshet ");
  }

  @Test
  void passesTheExitCodeOn() throws Exception {
    Launched unknown = Launched.launch(uncached(), "no-such-command");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.errors()).contains("no-such-command");
  }

  @Test
  void refusesAJavaThatIsTooOld() throws Exception {
    Path jdk = jdk("17.0.15");
    Launched refused = Launched.launch(Map.of("FRESHET_JAVA_HOME", jdk.toString()), "version");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.errors())
        .isEqualTo("freshet: FRESHET_JAVA_HOME=" + jdk + " is not a JDK 25 or newer\n");
  }

  @Test
  void passesOverAnOldJavaHome() throws Exception {
    Map<String, String> environment =
        Map.of("JAVA_HOME", jdk("17.0.15").toString(), "FRESHET_NO_CACHE", "yes");
    assertThat(Launched.launch(environment, "version").output()).startsWith("freshet ");
  }

  @Test
  void takesAJavaHomeThatIsNewEnough() throws Exception {
    Map<String, String> environment =
        Map.of("JAVA_HOME", jdk("26.0.1").toString(), "FRESHET_NO_CACHE", "yes");
    assertThat(Launched.launch(environment, "version").output()).startsWith("stand-in -XX");
  }

  @Test
  void makesACacheAndDoesWithoutWhenItIsBroken() throws Exception {
    Map<String, String> environment = Map.of("XDG_CACHE_HOME", folder.toString());
    // Builds anew where sources are newer than the jar, and says so.
    Launched.launch(uncached(), "version");
    Launched first = Launched.launch(environment, "version");
    Path cache = awaitCache(folder.resolve("freshet"));
    assertThat(cache).hasExtension("aot");
    Launched second = Launched.launch(environment, "version");
    Files.writeString(cache, "not a cache");
    Launched third = Launched.launch(environment, "version");
    assertThat(List.of(second, third)).containsOnly(first);
  }

  private static Map<String, String> uncached() {
    return Map.of("FRESHET_NO_CACHE", "yes");
  }

  /// A stand-in for a JDK, whose `java` prints how it was called.
  private Path jdk(String version) throws IOException {
    Path jdk = folder.resolve("jdk-" + version);
    Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho stand-in \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        jdk.resolve("release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
    return jdk;
  }

  /// The launcher makes the cache in the background and moves it into place when it is whole.
  private static Path awaitCache(Path folder) throws IOException, InterruptedException {
    try (WatchService watch = folder.getFileSystem().newWatchService()) {
      folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      Optional<Path> cache = cacheIn(folder);
      while (cache.isEmpty()) {
        WatchKey change = watch.poll(2, TimeUnit.MINUTES);
        assertThat(change).as("the cache appears").isNotNull();
        change.pollEvents();
        change.reset();
        cache = cacheIn(folder);
      }
      return cache.get();
    }
  }

  private static Optional<Path> cacheIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".aot")).findFirst();
    }
  }
}
