package dev.freshet.app.show;

/// The few colours that output uses, as ANSI codes.
public enum Ink {
  PLAIN(""),
  BOLD("1"),
  FAINT("2"),
  RED("31"),
  GREEN("32"),
  YELLOW("33");

  private final String code;

  Ink(String code) {
    this.code = code;
  }

  /// The text in this ink; unchanged without colour.
  public String on(String text, boolean colour) {
    return !colour || this == PLAIN || text.isEmpty()
        ? text
        : "\033[" + code + "m" + text + "\033[0m";
  }
}
