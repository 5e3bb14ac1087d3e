package dev.freshet.compiler.sql;

import java.util.List;

/// Finds what a mistyped word was meant to be.
final class Nearest {
  private Nearest() {}

  /// A hint that names the nearest of the known words, or all of them when none is near.
  static String hint(String word, List<String> known) {
    int least = known.stream().mapToInt(name -> distance(word, name)).min().orElse(0);
    List<String> near =
        known.stream()
            .filter(
                name -> distance(word, name) == least && least <= Math.max(2, name.length() / 4))
            .toList();
    return near.isEmpty()
        ? "Known are " + String.join(", ", known) + "."
        : "Did you mean \"" + String.join("\" or \"", near) + "\"?";
  }

  /// Insertions, deletions and replacements of characters that turn one word into the other.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
