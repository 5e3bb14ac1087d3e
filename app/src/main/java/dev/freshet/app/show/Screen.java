package dev.freshet.app.show;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/// Writes one command's results in the form that was asked for.
///
/// @param terminal where to
/// @param json results and errors as JSON
/// @param colour with ANSI colours
/// @param quiet without notes and progress
public record Screen(Terminal terminal, boolean json, boolean colour, boolean quiet) {

  /// A line of the result.
  public void line(String text) {
    terminal.out().println(text);
  }

  public void lines(List<String> lines) {
    lines.forEach(this::line);
  }

  public void table(Table table) {
    lines(table.lines(terminal.width(), terminal.unicode(), colour));
  }

  /// A list as a table for people, or as JSON under the given key.
  public void list(String key, List<?> records, Table table) {
    if (json) {
      json(Map.of(key, records));
    } else {
      table(table);
      line("(" + Words.count(records.size(), "row") + ")");
    }
  }

  public void json(Object value) {
    line(Json.text(value));
  }

  /// A remark that is no result; nobody sees it who asked for quiet or JSON.
  public void note(String text) {
    if (!quiet && !json) {
      terminal.out().println(text);
    }
  }

  /// A title above a part of the output.
  public void title(String text) {
    line(paint(Ink.BOLD, text));
  }

  public String paint(Ink ink, String text) {
    return ink.on(text, colour);
  }

  public String time(Instant instant) {
    return Words.time(instant, zone());
  }

  /// Without the date, where only today is meant.
  public String timeOfDay(Instant instant) {
    return Words.timeOfDay(instant, zone());
  }

  public Instant now() {
    return terminal.clock().instant();
  }

  private ZoneId zone() {
    return terminal.clock().getZone();
  }
}
