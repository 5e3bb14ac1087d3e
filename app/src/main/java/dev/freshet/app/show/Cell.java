package dev.freshet.app.show;

import dev.freshet.compiler.DisplayWidth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One value in a [Table].
///
/// @param text a single line
/// @param ink its colour
public record Cell(String text, Ink ink) {
  public static final Cell EMPTY = new Cell("", Ink.PLAIN);

  public Cell {
    text = text.replace('\n', ' ').replace('\t', ' ');
  }

  public static Cell of(String text) {
    return new Cell(text, Ink.PLAIN);
  }

  public static Cell of(Optional<String> text) {
    return text.map(Cell::of).orElse(EMPTY);
  }

  int width() {
    return DisplayWidth.of(text);
  }

  /// The text in lines of at most `width` columns, broken between words where possible.
  List<String> wrapped(int width) {
    if (width() <= width) {
      return List.of(text);
    }
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (DisplayWidth.of(rest) > width) {
      int end = breakBefore(rest, width);
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }

  /// Where the first line ends: after the last blank that fits, else in the middle of a word.
  private static int breakBefore(String rest, int width) {
    int end = 0;
    int columns = 0;
    while (end < rest.length()) {
      int character = rest.codePointAt(end);
      columns += DisplayWidth.of(character);
      if (columns > width) {
        break;
      }
      end += Character.charCount(character);
    }
    int blank = rest.lastIndexOf(' ', end);
    return blank > 0 ? blank : Math.max(end, 1);
  }
}
