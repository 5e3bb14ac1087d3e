package dev.freshet.compiler.sql;

import dev.freshet.compiler.SourcePosition;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/// SQL as the user wrote it. Syntax records point into it with spans.
///
/// @param file the file's name as the user gave it; null for text that came from no file
public record SqlText(@Nullable String file, String text) {

  public static SqlText of(String text) {
    return new SqlText(null, text);
  }

  public String slice(Span span) {
    return text.substring(span.start(), span.end());
  }

  public SourcePosition position(int offset) {
    return SourcePosition.at(file, text, offset);
  }

  public SourcePosition position(Span span) {
    return position(span.start());
  }

  /// The names and keywords in a slice of the text, which must be SQL.
  public List<Span> words(Span within) {
    return SqlScanner.scan(this).stream()
        .filter(token -> token.getType() != Token.EOF)
        .map(Span::of)
        .filter(span -> within.contains(span) && startsWord(text.charAt(span.start())))
        .toList();
  }

  private static boolean startsWord(char c) {
    return c == '"' || Character.isLetter(c) || c == '_';
  }

  /// A slice of the text in which some inner slices are replaced; the rest stays as written.
  ///
  /// @param replacements new text by slice; slices lie within `whole` and do not overlap
  public String replacing(Span whole, Map<Span, String> replacements) {
    StringBuilder out = new StringBuilder(slice(whole));
    replacements.keySet().stream()
        .filter(whole::contains)
        .sorted(Comparator.comparingInt(Span::start).reversed())
        .forEach(span ->
            out.replace(
                span.start() - whole.start(),
                span.end() - whole.start(),
                replacements.getOrDefault(span, "")));
    return out.toString();
  }
}
