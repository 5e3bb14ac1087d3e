package dev.freshet.app.show;

import dev.freshet.Freshness;
import dev.freshet.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Views as rows: what a person wants to know of each.
public final class ViewTable {
  private static final List<Column> BEFORE =
      List.of(
          Column.text("view"),
          Column.text("kind"),
          Column.text("strategy"),
          Column.text("schedule"),
          Column.number("rows"),
          Column.number("size"));

  private static final List<Column> INCREMENTS =
      List.of(Column.number("state"), Column.number("logs"), Column.number("pending"));

  private static final List<Column> AFTER =
      List.of(
          Column.text("as of"),
          Column.number("age"),
          Column.number("took"),
          Column.prose("trouble"));

  private ViewTable() {}

  /// What incremental refresh keeps has columns only where a view is refreshed so.
  public static Table of(List<View> views, Screen screen) {
    boolean increments = views.stream().anyMatch(view -> view.increment().isPresent());
    List<Column> columns = new ArrayList<>(BEFORE);
    columns.addAll(increments ? INCREMENTS : List.of());
    columns.addAll(AFTER);
    Table table = Table.of(columns.toArray(Column[]::new));
    for (View view : views) {
      List<Cell> cells = new ArrayList<>(before(view));
      cells.addAll(increments ? increment(view) : List.of());
      cells.addAll(after(view, screen));
      table.row(cells.toArray(Cell[]::new));
    }
    return table;
  }

  private static List<Cell> before(View view) {
    return List.of(
        Cell.of(view.name()),
        Cell.of(view.kind().name().toLowerCase(Locale.ROOT)),
        Cell.of(view.strategy().label()),
        Cell.of(view.schedule()),
        Cell.of(view.freshness().populated() ? Words.count(view.rows()) : ""),
        Cell.of(Words.size(view.bytes())));
  }

  private static List<Cell> increment(View view) {
    Optional<View.IncrementState> state = view.increment();
    return List.of(
        Cell.of(state.map(known -> Words.size(known.stateBytes()))),
        Cell.of(state.map(known -> Words.size(known.logBytes()))),
        Cell.of(state.flatMap(View.IncrementState::pending).map(Words::count)));
  }

  private static List<Cell> after(View view, Screen screen) {
    Freshness freshness = view.freshness();
    return List.of(
        Cell.of(view.asOf().map(screen::time)),
        freshness.age().map(age -> age(Words.age(age), freshness)).orElse(Cell.EMPTY),
        Cell.of(view.lastDuration().map(Words::duration)),
        trouble(view));
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
