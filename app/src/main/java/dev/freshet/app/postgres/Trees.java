package dev.freshet.app.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Whole directory trees.
final class Trees {
  private Trees() {}

  /// Deletes the tree, leaves before folders. A missing tree is deleted already.
  static void delete(Path root) throws IOException {
    for (Path path : paths(root).reversed()) {
      Files.deleteIfExists(path);
    }
  }

  /// Gives the tree to an account; does nothing if its root is that account's.
  static void giveTo(Path root, UserPrincipal owner) throws IOException {
    if (Files.getOwner(root).equals(owner)) {
      return;
    }
    for (Path path : paths(root).reversed()) {
      Files.setOwner(path, owner);
    }
  }

  private static List<Path> paths(Path root) throws IOException {
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.sorted(Comparator.naturalOrder()).toList();
    }
  }
}
