package dev.freshet.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.freshet.tests.fixture.Fixture;
import dev.freshet.tests.fixture.FixtureRun;
import dev.freshet.tests.fixture.Upkeep;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every `tests/sql/**/*.test` on every major version of the run.
///
/// Those of incremental refresh and of capture run three times: as they are written, with views
/// that commits maintain, and with views that statements maintain where they can.
///
/// `-Dfreshet.fixtures=rights/,native/` runs only those whose path contains one of these, and
/// `-Dfreshet.update` takes what they print as right and writes it into the files.
final class FixturesTest {
  private static final Path FOLDER = Path.of("sql");
  private static final List<Path> MAINTAINED =
      List.of(FOLDER.resolve("incremental"), FOLDER.resolve("capture"));

  /// Nearly all of them are joins, which statements do not maintain.
  private static final Path REPORTS = FOLDER.resolve("incremental").resolve("reports");

  /// How many views of all fixtures must have been maintained so, and right without a refresh:
  /// otherwise running them again would show little.
  private static final Map<Upkeep, Integer> FEWEST =
      new EnumMap<>(Map.of(Upkeep.COMMITS, 400, Upkeep.STATEMENTS, 20));

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
        .map(major -> dynamicContainer("PostgreSQL " + major, tests(files, major)));
  }

  private static Stream<DynamicTest> tests(List<Path> files, int major) {
    Map<Upkeep, Integer> views = new EnumMap<>(Upkeep.class);
    Stream<DynamicTest> tests =
        files.stream()
            .flatMap(file -> Stream.concat(test(file, major), maintained(file, major, views)));
    return Stream.concat(tests, enough(views));
  }

  private static Stream<DynamicTest> test(Path file, int major) {
    String name = FOLDER.relativize(file).toString();
    return Stream.of(dynamicTest(name, file.toUri(), () -> run(file, major)));
  }

  private static void run(Path file, int major) throws Exception {
    Fixture result = run(Fixture.read(file), major).fixture();
    if (UPDATE) {
      Files.writeString(file, result.text());
    }
  }

  /// Once more with views that commits maintain, and with views that statements maintain.
  ///
  /// @param views counts them
  private static Stream<DynamicTest> maintained(Path file, int major, Map<Upkeep, Integer> views) {
    if (UPDATE || MAINTAINED.stream().noneMatch(file::startsWith)) {
      return Stream.of();
    }
    Fixture fixture = Fixture.read(file);
    String name = FOLDER.relativize(file).toString();
    return FEWEST.keySet().stream()
        .filter(by -> by == Upkeep.COMMITS || !file.startsWith(REPORTS))
        .flatMap(by ->
            fixture.maintained(by).stream()
                .map(maintained ->
                    dynamicTest(
                        name + " " + by.strategy(),
                        file.toUri(),
                        () ->
                            views.merge(by, run(maintained, major).maintained(by), Integer::sum))));
  }

  private static Stream<DynamicTest> enough(Map<Upkeep, Integer> views) {
    return Stream.of(
        dynamicTest(
            "views that need no refresh",
            () -> {
              System.out.println("views that need no refresh: " + views);
              if (SELECTED.equals(List.of("")) && !UPDATE) {
                FEWEST.forEach((by, fewest) ->
                    assertThat(views.get(by)).as("%s", by).isGreaterThanOrEqualTo(fewest));
              }
            }));
  }

  private static FixtureRun.Result run(Fixture fixture, int major) throws Exception {
    try (TestDatabase database = TestServer.shared(major).createDatabase()) {
      return FixtureRun.run(fixture, database, UPDATE);
    }
  }
}
