package dev.freshet.tests.tutorial;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A part of the tutorial: prose, or what stands between two fences.
///
/// @param fence the line that opens it; empty for prose
/// @param text its lines, each with its line break
record Block(String fence, String text) {
  private static final String FENCE = "```";

  enum Kind {
    PROSE,
    /// Statements for the server.
    SQL,
    /// A file that the reader writes.
    FILE,
    /// Commands for the shell.
    SHELL,
    /// What the block before it prints.
    OUTPUT,
    /// For reading only.
    OTHER
  }

  Kind kind() {
    if (fence.isEmpty()) {
      return Kind.PROSE;
    }
    return switch (fence.strip()) {
      case "```sql" -> Kind.SQL;
      case "```shell" -> Kind.SHELL;
      case "```text" -> Kind.OUTPUT;
      case String line when line.startsWith("```sql ") -> Kind.FILE;
      default -> Kind.OTHER;
    };
  }

  /// Name of the file to write.
  String file() {
    return fence.strip().substring("```sql ".length());
  }

  Block with(String replacement) {
    return new Block(fence, replacement);
  }

  static List<Block> parse(String markdown) {
    List<Block> blocks = new ArrayList<>();
    String fence = "";
    StringBuilder text = new StringBuilder();
    for (String line : markdown.lines().toList()) {
      if (line.startsWith(FENCE)) {
        blocks.add(new Block(fence, text.toString()));
        text.setLength(0);
        fence = fence.isEmpty() ? line : "";
      } else {
        text.append(line).append('\n');
      }
    }
    blocks.add(new Block(fence, text.toString()));
    return blocks;
  }

  static String print(List<Block> blocks) {
    return blocks.stream()
        .map(block ->
            block.fence().isEmpty()
                ? block.text()
                : block.fence() + "\n" + block.text() + FENCE + "\n")
        .collect(Collectors.joining());
  }
}
