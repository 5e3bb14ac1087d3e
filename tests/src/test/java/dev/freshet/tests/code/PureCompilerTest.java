package dev.freshet.tests.code;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The compiler turns text into text. It reads no database, file, clock or random number, and
/// starts no thread.
final class PureCompilerTest {
  private static final List<String> FORBIDDEN_TYPES =
      List.of(
          "java.sql.",
          "javax.sql.",
          "org.postgresql.",
          "java.nio.file.",
          "java.nio.channels.",
          "java.io.File",
          "java.net.",
          "java.lang.Thread",
          "java.lang.Process",
          "java.util.concurrent.",
          "java.util.Timer",
          "java.util.Random",
          "java.security.SecureRandom",
          "java.time.Clock");

  private static final Set<String> FORBIDDEN_CALLS =
      Set.of("now", "currentTimeMillis", "nanoTime", "getenv", "getProperty", "random");

  @Test
  void theCompilerIsPure() {
    assertThat(impureUses("dev.freshet.compiler")).isEmpty();
  }

  @Test
  void impurityIsSeenElsewhere() {
    assertThat(impureUses("dev.freshet.app"))
        .anyMatch(use -> use.contains("java.nio.file."))
        .anyMatch(use -> use.contains("System.nanoTime"));
  }

  private static List<String> impureUses(String module) {
    return OwnClasses.ALL.stream()
        .filter(type -> type.getPackageName().startsWith(module))
        .flatMap(type -> Stream.concat(forbiddenTypes(type), forbiddenCalls(type)))
        .toList();
  }

  private static Stream<String> forbiddenTypes(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .filter(
            use -> FORBIDDEN_TYPES.stream().anyMatch(use.getTargetClass().getName()::startsWith))
        .map(Dependency::getDescription);
  }

  private static Stream<String> forbiddenCalls(JavaClass type) {
    return type.getMethodCallsFromSelf().stream()
        .filter(call -> call.getTargetOwner().getPackageName().startsWith("java."))
        .filter(call -> FORBIDDEN_CALLS.contains(call.getTarget().getName()))
        .map(JavaAccess::getDescription);
  }
}
