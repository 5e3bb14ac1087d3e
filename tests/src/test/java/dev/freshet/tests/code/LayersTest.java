package dev.freshet.tests.code;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The order of the packages. A package uses those above it in this list and nothing below. A new
/// package takes its place here. A class in the list is one that puts the packages above it
/// together, and stands apart from the rest of its package.
final class LayersTest {
  private static final List<String> LAYERS =
      List.of(
          "dev.freshet.compiler",
          "dev.freshet.compiler.sql",
          "dev.freshet.compiler.Schema",
          "dev.freshet.compiler.algebra",
          "dev.freshet.compiler.bind",
          "dev.freshet.compiler.simplify",
          "dev.freshet.compiler.delta",
          "dev.freshet.compiler.emit",
          "dev.freshet.compiler.explain",
          "dev.freshet.compiler.Compiled",
          "dev.freshet.compiler.Compiler",
          "dev.freshet",
          "dev.freshet.engine.catalog",
          "dev.freshet.engine.schema",
          "dev.freshet.engine.install",
          "dev.freshet.engine.refresh",
          "dev.freshet.engine.explain",
          "dev.freshet.Freshet",
          "dev.freshet.engine.schedule",
          "dev.freshet.app.postgres",
          "dev.freshet.app.show",
          "dev.freshet.app.connect",
          "dev.freshet.app.demo",
          "dev.freshet.app.http",
          "dev.freshet.app.command",
          "dev.freshet.app",
          "dev.freshet.tests.launcher",
          "dev.freshet.tests.server",
          "dev.freshet.tests.grammar",
          "dev.freshet.tests.fixture",
          "dev.freshet.tests.crash",
          "dev.freshet.tests.race",
          "dev.freshet.tests.soak",
          "dev.freshet.tests.dump",
          "dev.freshet.tests.replication",
          "dev.freshet.tests.capability",
          "dev.freshet.tests.random.table",
          "dev.freshet.tests.random.query",
          "dev.freshet.tests.random.change",
          "dev.freshet.tests.random",
          "dev.freshet.tests.tpc",
          "dev.freshet.tests.schedule",
          "dev.freshet.tests.http",
          "dev.freshet.tests.code",
          "dev.freshet.tests.command",
          "dev.freshet.tests.benchmark",
          "dev.freshet.tests.tutorial",
          "dev.freshet.tests");

  @Test
  void everyClassHasALayer() {
    assertThat(OwnClasses.ALL.stream().filter(type -> layer(type, LAYERS) < 0)).isEmpty();
  }

  @Test
  void noPackageUsesOneBelowIt() {
    assertThat(backEdges(LAYERS)).isEmpty();
  }

  @Test
  void anEdgeInTheWrongDirectionIsSeen() {
    assertThat(backEdges(LAYERS.reversed()))
        .contains("dev.freshet.FreshetException uses dev.freshet.compiler.Problem");
  }

  private static List<String> backEdges(List<String> layers) {
    Predicate<Dependency> goesDown =
        use -> layer(use.getTargetClass(), layers) > layer(use.getOriginClass(), layers);
    return OwnClasses.ALL.stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(goesDown)
        .map(LayersTest::edge)
        .distinct()
        .toList();
  }

  private static String edge(Dependency use) {
    String origin = OwnClasses.outermost(use.getOriginClass()).getName();
    return origin + " uses " + OwnClasses.outermost(use.getTargetClass()).getName();
  }

  /// Where the class stands in the list; -1 if it is not ours or not in it.
  private static int layer(JavaClass type, List<String> layers) {
    JavaClass outermost = OwnClasses.outermost(type);
    return Stream.of(outermost.getName(), outermost.getPackageName())
        .mapToInt(layers::indexOf)
        .filter(index -> index >= 0)
        .findFirst()
        .orElse(-1);
  }
}
