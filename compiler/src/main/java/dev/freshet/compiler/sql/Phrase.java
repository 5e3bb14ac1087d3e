package dev.freshet.compiler.sql;

import java.util.List;

/// SQL that is kept as written around the expressions and queries in it.
public record Phrase(Span span, List<Piece> pieces) {

  /// A piece of a phrase.
  public sealed interface Piece {
    /// A token: a keyword, a name, a constant, a parenthesis.
    record Word(String text) implements Piece {}

    record Value(Expression expression) implements Piece {}

    /// A query; the parentheses around it, if any, are words.
    record Rows(Query query) implements Piece {}
  }
}
