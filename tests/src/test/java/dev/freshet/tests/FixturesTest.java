package dev.freshet.tests;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.freshet.tests.fixture.Fixture;
import dev.freshet.tests.fixture.FixtureRun;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every `tests/sql/**/*.test` on every major version of the run.
///
/// Those of incremental refresh run three times: as they are written, with views that commits
/// maintain, and with views that statements maintain where they can.
///
/// `-Dfreshet.fixtures=rights/,native/` runs only those whose path contains one of these, and
/// `-Dfreshet.update` takes what they print as right and writes it into the files.
final class FixturesTest {
  private static final Path FOLDER = Path.of("sql");
  private static final Path INCREMENTAL = FOLDER.resolve("incremental");
  private static final List<String> SELECTED =
      List.of(System.getProperty("freshet.fixtures", "").split(",", -1));
  private static final boolean UPDATE = System.getProperty("freshet.update") != null;

  @TestFactory
  Stream<DynamicContainer> fixtures() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(FOLDER)) {
      files =
          found
              .filter(file -> file.toString().endsWith(".test"))
              .filter(file -> SELECTED.stream().anyMatch(file.toString()::contains))
              .sorted()
              .toList();
    }
    return TestServer.majors().stream()
        .map(major ->
            dynamicContainer(
                "PostgreSQL " + major,
                files.stream()
                    .flatMap(file -> Stream.concat(test(file, major), maintained(file, major)))));
  }

  private static Stream<DynamicTest> test(Path file, int major) {
    String name = FOLDER.relativize(file).toString();
    return Stream.of(dynamicTest(name, file.toUri(), () -> run(file, major)));
  }

  /// Once more with views that commits maintain, and with views that statements maintain.
  private static Stream<DynamicTest> maintained(Path file, int major) {
    if (UPDATE || !file.startsWith(INCREMENTAL)) {
      return Stream.of();
    }
    Fixture fixture = Fixture.read(file);
    String name = FOLDER.relativize(file).toString();
    return Stream.of(
            fixture.onCommit().map(f -> test(name + " on commit", f, major)),
            fixture.eager().map(f -> test(name + " eager", f, major)))
        .flatMap(Optional::stream);
  }

  private static DynamicTest test(String name, Fixture fixture, int major) {
    return dynamicTest(name, fixture.path().toUri(), () -> run(fixture, major));
  }

  private static void run(Fixture fixture, int major) throws Exception {
    try (TestDatabase database = TestServer.shared(major).createDatabase()) {
      FixtureRun.run(fixture, database, false);
    }
  }

  private static void run(Path file, int major) throws Exception {
    Fixture fixture = Fixture.read(file);
    try (TestDatabase database = TestServer.shared(major).createDatabase()) {
      Fixture result = FixtureRun.run(fixture, database, UPDATE);
      if (UPDATE) {
        Files.writeString(file, result.text());
      }
    }
  }
}
