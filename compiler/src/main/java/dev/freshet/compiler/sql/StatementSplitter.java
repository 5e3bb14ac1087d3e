package dev.freshet.compiler.sql;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;

/// Cuts a file's tokens into statements.
final class StatementSplitter {
  private StatementSplitter() {}

  /// The tokens of each statement with its semicolon, closed by an end token; none is empty.
  static List<List<Token>> split(SqlText source) {
    List<List<Token>> statements = new ArrayList<>();
    List<Token> statement = new ArrayList<>();
    for (Token token : SqlScanner.scan(source)) {
      boolean ends = token.getType() == SQLLexer.SEMI_COLON || token.getType() == Token.EOF;
      if (token.getType() != Token.EOF && !(ends && statement.isEmpty())) {
        statement.add(token);
      }
      if (ends && !statement.isEmpty()) {
        statement.add(end(token));
        statements.add(statement);
        statement = new ArrayList<>();
      }
    }
    return statements;
  }

  /// The statement's place, without its semicolon.
  static Span span(List<Token> statement) {
    Token last = statement.get(statement.size() - 2);
    boolean semicolon = last.getType() == SQLLexer.SEMI_COLON;
    return Span.of(statement.getFirst(), semicolon ? statement.get(statement.size() - 3) : last);
  }

  private static Token end(Token last) {
    CommonToken end = new CommonToken(Token.EOF, "");
    end.setStartIndex(last.getStopIndex() + 1);
    end.setStopIndex(last.getStopIndex());
    return end;
  }
}
