package dev.freshet.compiler.sql;

import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/// A slice of SQL text, in UTF-16 offsets from 0, end exclusive.
public record Span(int start, int end) {
  public Span {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("no such span: " + start + " to " + end);
    }
  }

  public boolean contains(Span other) {
    return start <= other.start && other.end <= end;
  }

  static Span of(Token token) {
    return new Span(token.getStartIndex(), token.getStopIndex() + 1);
  }

  static Span of(Token first, Token last) {
    return new Span(
        first.getStartIndex(), Math.max(first.getStartIndex(), last.getStopIndex() + 1));
  }

  static Span of(ParserRuleContext tree) {
    return of(tree.getStart(), tree.getStop());
  }
}
