package dev.freshet.tests.code;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Names say what a thing is in a DBA's words, and every package introduces itself.
final class NamesTest {
  private static final Set<String> EMPTY_PACKAGE_NAMES =
      Set.of("util", "utils", "common", "internal", "impl", "helper", "misc");

  private static final Pattern EMPTY_CLASS_NAME =
      Pattern.compile("(.*(Util|Utils|Helper|Manager|Impl))|(Abstract.*)");

  private static final Pattern GETTER = Pattern.compile("get[A-Z].*");

  @Test
  void packagesAreNamedForWhatTheyHold() {
    assertThat(packages())
        .isNotEmpty()
        .noneMatch(name -> Stream.of(name.split("\\.")).anyMatch(EMPTY_PACKAGE_NAMES::contains));
  }

  @Test
  void everyPackageIntroducesItselfAndIsNullMarked() {
    assertThat(packages())
        .allMatch(name -> OwnClasses.ALL.getPackage(name).isAnnotatedWith(NullMarked.class));
  }

  @Test
  void classesAreNamedForWhatTheyAre() {
    assertThat(OwnClasses.ALL.stream().map(JavaClass::getSimpleName))
        .isNotEmpty()
        .noneMatch(name -> EMPTY_CLASS_NAME.matcher(name).matches());
  }

  @Test
  void accessorsHaveNoPrefix() {
    assertThat(OwnClasses.ALL.stream().flatMap(type -> type.getMethods().stream()))
        .isNotEmpty()
        .noneMatch(NamesTest::isGetterOfOurs);
  }

  private static Stream<String> packages() {
    return OwnClasses.ALL.stream().map(JavaClass::getPackageName).distinct();
  }

  /// One that no library asks for.
  private static boolean isGetterOfOurs(JavaMethod method) {
    return GETTER.matcher(method.getName()).matches()
        && Stream.concat(
                method.getOwner().getAllRawSuperclasses().stream(),
                method.getOwner().getAllRawInterfaces().stream())
            .flatMap(type -> type.getMethods().stream())
            .noneMatch(inherited -> inherited.getName().equals(method.getName()));
  }
}
