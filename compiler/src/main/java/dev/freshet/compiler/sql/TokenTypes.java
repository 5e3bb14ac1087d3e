package dev.freshet.compiler.sql;

import java.util.HashMap;
import java.util.Map;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;

/// The grammar's types of words and signs.
final class TokenTypes {
  private static final Map<String, Integer> KEYWORDS = keywords();

  private static final Map<String, Integer> SIGNS =
      Map.ofEntries(
          Map.entry("::", SQLLexer.CAST_EXPRESSION),
          Map.entry(":=", SQLLexer.COLON_EQUAL),
          Map.entry("..", SQLLexer.DOUBLE_DOT),
          Map.entry(":", SQLLexer.COLON),
          Map.entry(";", SQLLexer.SEMI_COLON),
          Map.entry(",", SQLLexer.COMMA),
          Map.entry("(", SQLLexer.LEFT_PAREN),
          Map.entry(")", SQLLexer.RIGHT_PAREN),
          Map.entry(".", SQLLexer.DOT),
          Map.entry("[", SQLLexer.LEFT_BRACKET),
          Map.entry("]", SQLLexer.RIGHT_BRACKET));

  private static final Map<String, Integer> OPERATORS =
      Map.ofEntries(
          Map.entry("=", SQLLexer.EQUAL),
          Map.entry("<>", SQLLexer.NOT_EQUAL),
          Map.entry("!=", SQLLexer.NOT_EQUAL),
          Map.entry("<", SQLLexer.LTH),
          Map.entry("<=", SQLLexer.LEQ),
          Map.entry(">", SQLLexer.GTH),
          Map.entry(">=", SQLLexer.GEQ),
          Map.entry("+", SQLLexer.PLUS),
          Map.entry("-", SQLLexer.MINUS),
          Map.entry("*", SQLLexer.MULTIPLY),
          Map.entry("/", SQLLexer.DIVIDE),
          Map.entry("%", SQLLexer.MODULAR),
          Map.entry("^", SQLLexer.EXP),
          Map.entry("=>", SQLLexer.EQUAL_GTH),
          Map.entry("<<", SQLLexer.LESS_LESS),
          Map.entry(">>", SQLLexer.GREATER_GREATER),
          Map.entry("#", SQLLexer.HASH_SIGN));

  private TokenTypes() {}

  /// A keyword or an identifier.
  ///
  /// @param word in lower case
  static int ofWord(String word) {
    return KEYWORDS.getOrDefault(word, SQLLexer.Identifier);
  }

  /// An operator by its characters.
  static int ofOperator(String characters) {
    return OPERATORS.getOrDefault(characters, SQLLexer.OP_CHARS);
  }

  /// Punctuation; `BAD` for what PostgreSQL does not know.
  static int ofSign(String characters) {
    return SIGNS.getOrDefault(characters, SQLLexer.BAD);
  }

  /// PostgreSQL's keywords; the grammar's further words are ordinary names, but for some rights.
  private static Map<String, Integer> keywords() {
    Map<String, Integer> keywords = new HashMap<>();
    for (int type = 1; type < SQLLexer.ALIGNMENT; type++) {
      String quoted = SQLLexer.VOCABULARY.getLiteralName(type);
      keywords.put(Unquote.folded(quoted.substring(1, quoted.length() - 1)), type);
    }
    keywords.put("connect", SQLLexer.CONNECT);
    keywords.put("maintain", SQLLexer.MAINTAIN);
    keywords.put("usage", SQLLexer.USAGE);
    return keywords;
  }
}
