package dev.freshet.compiler.sql;

import java.util.regex.Pattern;

/// The one place where names and values become SQL text.
public final class Quote {
  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

  private Quote() {}

  /// A name, in double quotes unless it is a plain lower-case word that is no keyword.
  public static String name(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a name is neither empty nor holds a zero character");
    }
    if (PLAIN.matcher(name).matches() && !Keywords.needQuotes(name)) {
      return name;
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /// A name in a place where keywords need no quotes, such as the name of an option.
  public static String label(String name) {
    return PLAIN.matcher(name).matches() ? name : name(name);
  }

  /// Text for a comment of one line: nothing in it ends the line.
  public static String comment(String text) {
    return text.replace('\n', ' ').replace('\r', ' ');
  }

  /// A string constant that reads the same with every setting of `standard_conforming_strings`.
  public static String literal(String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a string constant holds no zero character");
    }
    String doubled = value.replace("'", "''");
    return value.indexOf('\\') < 0
        ? "'" + doubled + "'"
        : "E'" + doubled.replace("\\", "\\\\") + "'";
  }
}
