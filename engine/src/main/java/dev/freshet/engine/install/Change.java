package dev.freshet.engine.install;

import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.QualifiedName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One thing to do so that the database matches the files.
sealed interface Change {
  /// The view that it is about.
  QualifiedName view();

  /// The view does not exist yet.
  record Create(QualifiedName view, DeclaredView declared, Canonical canonical) implements Change {}

  /// Its query, or something that needs new storage, differs.
  record Replace(
      QualifiedName view,
      DeclaredView declared,
      ExistingView existing,
      Optional<Canonical> canonical,
      String why)
      implements Change {}

  /// Only what stands around the query differs.
  record Alter(
      QualifiedName view, DeclaredView declared, ExistingView existing, List<Detail> details)
      implements Change {
    /// The role that owns the view afterwards.
    String owner() {
      return details.stream()
          .flatMap(
              detail -> detail instanceof Detail.Owner moved ? Stream.of(moved.to()) : Stream.of())
          .findFirst()
          .orElse(existing.owner());
    }
  }

  /// It is gone from the files.
  record Drop(QualifiedName view, ExistingView existing) implements Change {}

  /// A difference that needs no new storage.
  sealed interface Detail {
    record Options() implements Detail {}

    record AddIndex(String name, String definition) implements Detail {}

    record DropIndex(String name, String definition) implements Detail {}

    record Grant(String statement) implements Detail {}

    record Comment(String statement) implements Detail {}

    record Owner(String from, String to) implements Detail {}
  }
}
