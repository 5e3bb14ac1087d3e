package dev.freshet.tests.code;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

/// All classes of the project that this module can see.
final class OwnClasses {
  static final JavaClasses ALL = new ClassFileImporter().importPackages("dev.freshet");

  private OwnClasses() {}

  /// The class in whose file a nested class stands.
  static JavaClass outermost(JavaClass type) {
    JavaClass outermost = type.getBaseComponentType();
    while (outermost.getEnclosingClass().isPresent()) {
      outermost = outermost.getEnclosingClass().get();
    }
    return outermost;
  }
}
