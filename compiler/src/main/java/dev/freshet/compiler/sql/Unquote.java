package dev.freshet.compiler.sql;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Reads names and string constants as PostgreSQL's lexer does: the inverse of `Quote`.
final class Unquote {
  /// Bytes of UTF-8 that a name keeps.
  static final int NAME_BYTES = 63;

  private Unquote() {}

  /// The name that a word or a quoted identifier stands for, however long.
  ///
  /// @param escape escape character of `U&"..."`
  static String name(String source, char escape) {
    if (source.startsWith("\"")) {
      return source.substring(1, source.length() - 1).replace("\"\"", "\"");
    }
    if (source.length() > 2 && source.charAt(1) == '&') {
      String body = source.substring(3, source.length() - 1).replace("\"\"", "\"");
      return unicode(body, escape);
    }
    return folded(source);
  }

  /// ASCII letters in lower case; PostgreSQL leaves all others in a UTF-8 database.
  static String folded(String word) {
    StringBuilder out = new StringBuilder(word.length());
    word.chars().forEach(c -> out.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c)));
    return out.toString();
  }

  /// Cuts a name at 63 bytes of UTF-8, between characters.
  static String truncated(String name) {
    int bytes = 0;
    for (int i = 0; i < name.length(); i = name.offsetByCodePoints(i, 1)) {
      bytes += Character.toString(name.codePointAt(i)).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > NAME_BYTES) {
        return name.substring(0, i);
      }
    }
    return name;
  }

  /// The value of a string constant in any of PostgreSQL's forms.
  ///
  /// @param escape escape character of `U&'...'`
  static String literal(String source, char escape) {
    if (source.startsWith("$")) {
      int tag = source.indexOf('$', 1) + 1;
      return source.substring(tag, source.length() - tag);
    }
    String body = joined(source);
    return switch (source.substring(0, source.indexOf('\'')).toUpperCase(Locale.ROOT)) {
      case "E" -> backslashes(body);
      case "U&" -> unicode(body.replace("''", "'"), escape);
      default -> body.replace("''", "'");
    };
  }

  /// The text between the quotes of all the pieces of a constant that goes over several lines.
  private static String joined(String source) {
    StringBuilder out = new StringBuilder();
    boolean escapes = source.charAt(0) == 'E' || source.charAt(0) == 'e';
    int open = source.indexOf('\'');
    while (open >= 0) {
      int close = SqlScanner.closingQuote(source, open, escapes);
      out.append(source, open + 1, close);
      open = SqlScanner.continuation(source, close + 1);
    }
    return out.toString();
  }

  private static String unicode(String body, char escape) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < body.length()) {
      char c = body.charAt(i);
      if (c != escape) {
        out.append(c);
        i++;
      } else if (body.startsWith(String.valueOf(escape), i + 1)) {
        out.append(escape);
        i += 2;
      } else {
        int digits = body.startsWith("+", i + 1) ? 6 : 4;
        int first = digits == 6 ? i + 2 : i + 1;
        out.appendCodePoint(hex(body, first, first + digits));
        i = first + digits;
      }
    }
    return out.toString();
  }

  private static String backslashes(String body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int i = 0;
    while (i < body.length()) {
      int next = body.offsetByCodePoints(i, 1);
      char c = body.charAt(i);
      if (c == '\'' && next < body.length()) {
        next++; // a doubled quote
      } else if (c == '\\' && next < body.length()) {
        i = escape(body, next, out);
        continue;
      }
      out.writeBytes(body.substring(i, c == '\'' ? i + 1 : next).getBytes(StandardCharsets.UTF_8));
      i = next;
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /// Writes what one escape stands for; returns the offset after it.
  ///
  /// @param at offset of the character after the backslash
  private static int escape(String body, int at, ByteArrayOutputStream out) {
    char c = body.charAt(at);
    int digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits > 0) {
      int end = at + 1 + digits;
      int code = hex(body, at + 1, end);
      if (Character.isBmpCodePoint(code) && Character.isHighSurrogate((char) code)) {
        code = Character.toCodePoint((char) code, (char) hex(body, end + 2, end + 6));
        end += 6;
      }
      out.writeBytes(Character.toString(code).getBytes(StandardCharsets.UTF_8));
      return end;
    }
    int radix = c == 'x' ? 16 : 8;
    int first = c == 'x' ? at + 1 : at;
    int end = first;
    while (end < body.length()
        && end - first < (radix == 16 ? 2 : 3)
        && Character.digit(body.charAt(end), radix) >= 0) {
      end++;
    }
    if (end > first) {
      out.write(Integer.parseInt(body, first, end, radix));
      return end;
    }
    int next = body.offsetByCodePoints(at, 1);
    int control = "bfnrt".indexOf(c);
    String value =
        control < 0 ? body.substring(at, next) : "\b\f\n\r\t".substring(control, control + 1);
    out.writeBytes(value.getBytes(StandardCharsets.UTF_8));
    return next;
  }

  /// A code point in hexadecimal; a wrong one is refused as PostgreSQL does.
  private static int hex(String body, int start, int end) {
    try {
      int code = Integer.parseInt(body, start, end, 16);
      if (Character.isValidCodePoint(code) && code > 0) {
        return code;
      }
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      // reported below
    }
    throw new IllegalArgumentException("invalid Unicode escape");
  }
}
