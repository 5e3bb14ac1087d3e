package dev.freshet.app.show;

import dev.freshet.compiler.DisplayWidth;

/// A column of a [Table].
///
/// @param title shown above it
/// @param right numbers stand to the right
/// @param wraps long text may be broken to fit the terminal
public record Column(String title, boolean right, boolean wraps) {
  /// Wrapping leaves a column at least this wide.
  static final int NARROWEST = 16;

  public static Column text(String title) {
    return new Column(title, false, false);
  }

  public static Column number(String title) {
    return new Column(title, true, false);
  }

  public static Column prose(String title) {
    return new Column(title, false, true);
  }

  Cell heading() {
    return new Cell(title, Ink.BOLD);
  }

  String aligned(Cell cell, String text, int width, boolean colour) {
    String gap = " ".repeat(Math.max(0, width - DisplayWidth.of(text)));
    String shown = cell.ink().on(text, colour);
    return right ? " " + gap + shown + " " : " " + shown + gap + " ";
  }
}
