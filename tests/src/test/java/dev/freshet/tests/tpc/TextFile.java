package dev.freshet.tests.tpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// A file in the folder of this package.
record TextFile(String path) {
  String text() {
    try (InputStream in = TextFile.class.getResourceAsStream(path)) {
      return new String(Objects.requireNonNull(in, path).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What stands between empty lines.
  List<String> paragraphs() {
    return Arrays.asList(text().strip().split("\n\n+", -1));
  }
}
