package dev.freshet.compiler.sql;

import java.util.List;
import java.util.function.Function;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser;

/// Runs the grammar library over our tokens; the first error is thrown as PostgreSQL words it.
final class Grammar {
  private Grammar() {}

  /// Parses one statement.
  ///
  /// @param tokens the statement, its semicolon if it has one, and the end of the text
  static SQLParser.StatementContext statement(SqlText source, List<Token> tokens) {
    return parse(source, tokens, SQLParser::sql).statement(0);
  }

  /// Parses text that is one expression.
  static SQLParser.VexContext expression(SqlText source) {
    SQLParser.Vex_eofContext tree = parse(source, SqlScanner.scan(source), SQLParser::vex_eof);
    if (tree.COMMA(0) != null) {
      throw Refusal.syntax(source, tree.COMMA(0).getSymbol());
    }
    return tree.vex(0);
  }

  /// Parses text that is one name, qualified or not.
  static SQLParser.Schema_qualified_nameContext name(SqlText source) {
    return parse(source, SqlScanner.scan(source), SQLParser::qname_parser).schema_qualified_name();
  }

  private static <T> T parse(SqlText source, List<Token> tokens, Function<SQLParser, T> rule) {
    SQLParser parser = new SQLParser(new CommonTokenStream(new ListTokenSource(tokens)));
    parser.removeErrorListeners();
    parser.addErrorListener(new FirstErrorThrower(source));
    try {
      return rule.apply(parser);
    } catch (StackOverflowError e) {
      throw Refusal.tooDeep(source, tokens.getFirst());
    }
  }

  private static final class FirstErrorThrower extends BaseErrorListener {
    private final SqlText source;

    FirstErrorThrower(SqlText source) {
      this.source = source;
    }

    @Override
    public void syntaxError(
        Recognizer<?, ?> recognizer,
        @Nullable Object offendingSymbol,
        int line,
        int column,
        String message,
        @Nullable RecognitionException error) {
      if (offendingSymbol instanceof Token token) {
        throw Refusal.syntax(source, token);
      }
      throw new IllegalStateException(message);
    }
  }
}
