package dev.freshet.compiler;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Prints a problem as psql prints an error: message, the line with a caret, DETAIL, HINT.
public final class ProblemText {
  /// Columns of a source line that are shown at most; more is cut, as psql does.
  private static final int SHOWN_WIDTH = 60;

  /// Columns that stay visible to the right of the caret when a line is cut.
  private static final int RIGHT_MARGIN = 10;

  private ProblemText() {}

  /// The text, without a line break at its end.
  public static String of(Problem problem) {
    StringBuilder out = new StringBuilder();
    SourcePosition position = problem.position();
    if (position != null && position.file() != null) {
      out.append(position.file()).append(':').append(position.line()).append(": ");
    }
    out.append("ERROR:  ").append(problem.message());
    if (position != null) {
      out.append('\n').append(lineWithCaret(position));
    }
    append(out, "DETAIL", problem.detail());
    append(out, "HINT", problem.hint());
    return out.toString();
  }

  private static void append(StringBuilder out, String label, @Nullable String text) {
    if (text != null) {
      out.append('\n').append(label).append(":  ").append(text);
    }
  }

  /// Two lines: the source line, cut to fit, and a caret under the place.
  private static String lineWithCaret(SourcePosition position) {
    Line line = new Line(position.lineText());
    int caret = Math.min(position.column() - 1, line.characters.length);
    Cut cut = line.cutAround(caret);
    String prefix = "LINE " + position.line() + ": " + (cut.start > 0 ? "..." : "");
    String shown = new String(line.characters, cut.start, cut.end - cut.start);
    String suffix = cut.end < line.characters.length ? "..." : "";
    int indent = prefix.length() + line.width(cut.start, caret);
    return prefix + shown + suffix + "\n" + " ".repeat(indent) + "^";
  }

  /// The part of a line that is shown, in characters, end exclusive.
  private record Cut(int start, int end) {}

  /// A line's characters (tabs as spaces) and the screen column at which each begins.
  private static final class Line {
    final int[] characters;
    private final int[] columns;

    Line(String text) {
      characters = text.codePoints().map(c -> c == '\t' ? ' ' : c).toArray();
      columns = new int[characters.length + 1];
      for (int i = 0; i < characters.length; i++) {
        columns[i + 1] = columns[i] + DisplayWidth.of(characters[i]);
      }
    }

    int width(int start, int end) {
      return columns[end] - columns[start];
    }

    /// Cuts the right end if that is enough, otherwise both ends.
    Cut cutAround(int caret) {
      int length = characters.length;
      if (columns[length] <= SHOWN_WIDTH) {
        return new Cut(0, length);
      }
      if (columns[caret] + RIGHT_MARGIN <= SHOWN_WIDTH) {
        return new Cut(0, lastEnd(length, SHOWN_WIDTH));
      }
      int end = lastEnd(length, columns[caret] + RIGHT_MARGIN);
      int start =
          IntStream.range(0, end).filter(i -> width(i, end) <= SHOWN_WIDTH).findFirst().orElse(end);
      return new Cut(start, end);
    }

    private int lastEnd(int from, int column) {
      int end = from;
      while (columns[end] > column) {
        end--;
      }
      return end;
    }
  }
}
