package dev.freshet.compiler.sql;

import org.jspecify.annotations.Nullable;

/// An operator as written: `+`, `OPERATOR(pg_catalog.=)`.
public record Operator(@Nullable String schema, String symbol) {
  static Operator of(String symbol) {
    return new Operator(null, symbol);
  }

  /// Reads an operator: `=`, `OPERATOR(pg_catalog.=)`.
  public static Operator parse(String text) {
    String call = "OPERATOR(";
    if (!text.startsWith(call)) {
      return of(text);
    }
    int dot = text.lastIndexOf('.');
    String schema = QualifiedName.parse(text.substring(call.length(), dot)).name();
    return new Operator(schema, text.substring(dot + 1, text.length() - 1));
  }

  public String sql() {
    return schema == null ? symbol : "OPERATOR(" + Quote.name(schema) + "." + symbol + ")";
  }
}
