package dev.freshet.compiler.sql;

import dev.freshet.compiler.SourcePosition;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One `name = value` of a WITH list, or one that came without a text.
///
/// @param name in lower case, with its namespace: `freshet.refresh`, `fillfactor`
/// @param value what the value says, without quotes; `true` when only the name was written
/// @param source where it stands; null when it does not come from a view file
public record OptionSetting(String name, String value, @Nullable Source source) {
  private static final String NAMESPACE = "freshet.";

  /// The text and the places of name and value in it.
  public record Source(SqlText text, Span name, Span value) {}

  public static OptionSetting of(String name, String value) {
    return new OptionSetting(name, value, null);
  }

  /// Whether it is ours; others are storage parameters for PostgreSQL.
  public boolean isFreshet() {
    return name.startsWith(NAMESPACE);
  }

  /// The assignment as it stands in a WITH list.
  public String sql() {
    String quoted =
        Arrays.stream(name.split("\\.", 2)).map(Quote::label).collect(Collectors.joining("."));
    return quoted + " = " + Quote.literal(value);
  }

  public @Nullable SourcePosition namePosition() {
    return source == null ? null : source.text().position(source.name());
  }

  /// The place of a character within the value; of the whole value where escapes shift it.
  public @Nullable SourcePosition valuePosition(int offset) {
    if (source == null) {
      return null;
    }
    int start = source.value().start();
    String written = source.text().slice(source.value());
    if (written.equals(value)) {
      return source.text().position(start + offset);
    }
    return source.text().position(written.equals("'" + value + "'") ? start + 1 + offset : start);
  }
}
