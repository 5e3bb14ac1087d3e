package dev.freshet.compiler;

import org.jspecify.annotations.Nullable;

/// A place in SQL text, with what is needed to show it.
///
/// @param file the file's name as the user gave it; null for text that came from no file
/// @param character counted in characters (not UTF-16 units) from 1 in the whole text, as
///   PostgreSQL counts
/// @param line counted from 1
/// @param column counted in characters from 1
/// @param lineText the whole line, without its line break
public record SourcePosition(
    @Nullable String file, int character, int line, int column, String lineText) {

  public SourcePosition {
    if (character < 1 || line < 1 || column < 1) {
      throw new IllegalArgumentException("positions are counted from 1");
    }
  }

  /// The place of a UTF-16 offset (counted from 0, at most the text's length).
  public static SourcePosition at(@Nullable String file, String text, int offset) {
    int start = text.lastIndexOf('\n', offset - 1) + 1;
    int end = text.indexOf('\n', offset);
    String lineText = text.substring(start, end < 0 ? text.length() : end);
    return new SourcePosition(
        file,
        text.codePointCount(0, offset) + 1,
        (int) text.substring(0, start).chars().filter(c -> c == '\n').count() + 1,
        text.codePointCount(start, offset) + 1,
        lineText.endsWith("\r") ? lineText.substring(0, lineText.length() - 1) : lineText);
  }

  /// The place that a server reports: the n-th character of the text, counted from 1.
  public static SourcePosition atCharacter(@Nullable String file, String text, int character) {
    int last = text.codePointCount(0, text.length());
    int before = Math.clamp(character - 1L, 0, last);
    return at(file, text, text.offsetByCodePoints(0, before));
  }
}
