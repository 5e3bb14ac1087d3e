package dev.freshet.app.show;

import dev.freshet.compiler.DisplayWidth;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Rows in aligned columns, as psql prints them with `\pset linestyle unicode`.
public final class Table {
  private final List<Column> columns;
  private final List<List<Cell>> rows = new ArrayList<>();

  private Table(List<Column> columns) {
    this.columns = columns;
  }

  public static Table of(Column... columns) {
    return new Table(List.of(columns));
  }

  /// Adds a row: one cell for each column.
  public Table row(Cell... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells for " + columns.size() + " columns");
    }
    rows.add(List.of(cells));
    return this;
  }

  /// The lines, at most `width` columns wide: text is wrapped where that is enough, else each row
  /// becomes a block, as psql's expanded display has it.
  public List<String> lines(int width, boolean unicode, boolean colour) {
    int[] widths = fit(naturalWidths(), width);
    if (total(widths) > width) {
      return blocks(unicode, colour);
    }
    List<String> lines = new ArrayList<>();
    lines.addAll(record(columns.stream().map(Column::heading).toList(), widths, unicode, colour));
    lines.add(rule(widths, unicode));
    rows.forEach(row -> lines.addAll(record(row, widths, unicode, colour)));
    return lines;
  }

  private List<String> blocks(boolean unicode, boolean colour) {
    int titles = columns.stream().mapToInt(column -> column.heading().width()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (List<Cell> row : rows) {
      String line = (unicode ? "─" : "-").repeat(2);
      lines.add(line + " " + Ink.BOLD.on(row.getFirst().text(), colour) + " " + line);
      for (int i = 1; i < row.size(); i++) {
        String title = columns.get(i).title();
        String value = row.get(i).ink().on(row.get(i).text(), colour);
        String gap = " ".repeat(titles - DisplayWidth.of(title));
        lines.add((" " + title + gap + (unicode ? " │ " : " | ") + value).stripTrailing());
      }
    }
    return lines;
  }

  private int[] naturalWidths() {
    return IntStream.range(0, columns.size())
        .map(i ->
            IntStream.concat(
                    IntStream.of(DisplayWidth.of(columns.get(i).title())),
                    rows.stream().mapToInt(row -> row.get(i).width()))
                .max()
                .orElse(0))
        .toArray();
  }

  /// Takes what is too much from the columns that wrap, from the widest first.
  private int[] fit(int[] natural, int width) {
    int[] widths = natural.clone();
    while (total(widths) > width) {
      int widest = widestWrapping(widths);
      if (widest < 0) {
        return widths;
      }
      widths[widest]--;
    }
    return widths;
  }

  private int widestWrapping(int[] widths) {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      boolean shrinks = columns.get(i).wraps() && widths[i] > Column.NARROWEST;
      if (shrinks && (widest < 0 || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  private static int total(int[] widths) {
    return IntStream.of(widths).sum() + 3 * widths.length - 1;
  }

  private static String rule(int[] widths, boolean unicode) {
    String line = unicode ? "─" : "-";
    return String.join(
        unicode ? "┼" : "+",
        IntStream.of(widths).mapToObj(width -> line.repeat(width + 2)).toList());
  }

  /// One row of the table, as many lines as its highest cell needs.
  private List<String> record(List<Cell> cells, int[] widths, boolean unicode, boolean colour) {
    List<List<String>> wrapped =
        IntStream.range(0, widths.length).mapToObj(i -> cells.get(i).wrapped(widths[i])).toList();
    int height = wrapped.stream().mapToInt(List::size).max().orElse(1);
    List<String> lines = new ArrayList<>();
    for (int line = 0; line < height; line++) {
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < widths.length; i++) {
        String text = line < wrapped.get(i).size() ? wrapped.get(i).get(line) : "";
        parts.add(columns.get(i).aligned(cells.get(i), text, widths[i], colour));
      }
      lines.add(String.join(unicode ? "│" : "|", parts).stripTrailing());
    }
    return lines;
  }
}
