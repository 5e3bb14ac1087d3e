package dev.freshet.compiler.sql;

import org.jspecify.annotations.Nullable;

/// An operator as written: `+`, `OPERATOR(pg_catalog.=)`.
public record Operator(@Nullable String schema, String symbol) {
  static Operator of(String symbol) {
    return new Operator(null, symbol);
  }

  public String sql() {
    return schema == null ? symbol : "OPERATOR(" + Quote.name(schema) + "." + symbol + ")";
  }
}
