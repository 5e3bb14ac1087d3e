package dev.freshet.app.show;

import dev.freshet.Freshness;
import dev.freshet.View;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Views as rows: what a person wants to know of each.
public final class ViewTable {
  private ViewTable() {}

  public static Table of(List<View> views, Screen screen) {
    Table table =
        Table.of(
            Column.text("view"),
            Column.text("kind"),
            Column.text("strategy"),
            Column.text("schedule"),
            Column.number("rows"),
            Column.number("size"),
            Column.text("as of"),
            Column.number("age"),
            Column.number("took"),
            Column.prose("trouble"));
    views.forEach(view -> table.row(cells(view, screen)));
    return table;
  }

  private static Cell[] cells(View view, Screen screen) {
    Freshness freshness = view.freshness();
    return new Cell[] {
      Cell.of(view.name()),
      Cell.of(view.kind().name().toLowerCase(Locale.ROOT)),
      Cell.of(view.strategy().label()),
      Cell.of(view.schedule()),
      Cell.of(freshness.populated() ? Words.count(view.rows()) : ""),
      Cell.of(Words.size(view.bytes())),
      Cell.of(view.asOf().map(screen::time)),
      freshness.age().map(age -> age(Words.age(age), freshness)).orElse(Cell.EMPTY),
      Cell.of(view.lastDuration().map(Words::duration)),
      trouble(view)
    };
  }

  private static Cell age(String text, Freshness freshness) {
    return new Cell(text, freshness.stale().isPresent() ? Ink.YELLOW : Ink.PLAIN);
  }

  private static Cell trouble(View view) {
    Optional<Cell> error = view.lastError().map(text -> new Cell(text, Ink.RED));
    return error
        .or(() -> view.freshness().stale().map(text -> new Cell(text, Ink.YELLOW)))
        .or(() -> unpopulated(view))
        .orElse(Cell.EMPTY);
  }

  private static Optional<Cell> unpopulated(View view) {
    return view.freshness().populated()
        ? Optional.empty()
        : Optional.of(new Cell("has not been populated", Ink.YELLOW));
  }
}
