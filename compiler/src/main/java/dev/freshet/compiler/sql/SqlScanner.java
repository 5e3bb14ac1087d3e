package dev.freshet.compiler.sql;

import dev.freshet.compiler.CompileException;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;

/// Cuts SQL text into the tokens of the grammar, by the rules of PostgreSQL's own lexer.
///
/// The grammar library's lexer is not used: it ends `E'it\'s'` at the wrong quote, reads `0x1F` as
/// a number with an alias, and rewrites the text of names.
final class SqlScanner {
  private static final String OPERATOR_CHARACTERS = "~!@#^&|`?+-*/%<>=";
  private static final String ENDS_WITH_SIGN_ONLY_WITH = "~!@#^&|`?%";

  private final SqlText source;
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private SqlScanner(SqlText source) {
    this.source = source;
    this.text = source.text();
    this.at = text.startsWith("\uFEFF") ? 1 : 0;
  }

  /// All tokens but blanks and comments; the last one is the end of the text.
  static List<Token> scan(SqlText source) {
    SqlScanner scanner = new SqlScanner(source);
    scanner.skipBlanks();
    while (scanner.at < scanner.text.length()) {
      scanner.scanToken();
      scanner.skipBlanks();
    }
    scanner.add(Token.EOF, scanner.text.length());
    return scanner.tokens;
  }

  private void scanToken() {
    char c = text.charAt(at);
    if (isNameStart(c)) {
      scanWord();
    } else if (isDigit(c) || (c == '.' && isDigit(charAt(at + 1)))) {
      scanNumber();
    } else if (c == '\'') {
      scanString(at, false, SQLLexer.StringConstant);
    } else if (c == '"') {
      scanQuotedName(at, SQLLexer.QuotedIdentifier);
    } else if (c == '$') {
      scanDollar();
    } else if (OPERATOR_CHARACTERS.indexOf(c) >= 0) {
      scanOperator();
    } else {
      scanFixed();
    }
  }

  private void scanWord() {
    boolean unicode = (text.charAt(at) | 32) == 'u' && charAt(at + 1) == '&';
    char quote = charAt(unicode ? at + 2 : at + 1);
    if (unicode && quote == '"') {
      scanQuotedName(at + 2, SQLLexer.UnicodeQuotedIdentifier);
    } else if (unicode && quote == '\'') {
      scanString(at + 2, false, SQLLexer.UnicodeEscapeStringConstant);
    } else if (quote == '\'' && "eEbBxXnN".indexOf(text.charAt(at)) >= 0) {
      scanString(at + 1, (text.charAt(at) | 32) == 'e', SQLLexer.StringConstant);
    } else {
      int end = endOfWord(at);
      String word = Unquote.folded(text.substring(at, end));
      add(TokenTypes.ofWord(word), end);
    }
  }

  private void scanNumber() {
    int end = at;
    int type = SQLLexer.Integer;
    if (charAt(at) == '0' && "xXoObB".indexOf(charAt(at + 1)) >= 0 && isHexDigit(charAt(at + 2))) {
      end = endOfDigits(at + 2, true);
    } else {
      end = endOfDigits(at, false);
      if (charAt(end) == '.' && charAt(end + 1) != '.') {
        type = SQLLexer.Numeric;
        end = endOfDigits(end + 1, false);
      }
      int exponent = endOfExponent(end);
      type = exponent > end ? SQLLexer.Numeric : type;
      end = exponent;
    }
    if (isNameStart(charAt(end))) {
      throw refuse("trailing junk after numeric literal", endOfWord(end));
    }
    add(type, end);
  }

  private int endOfDigits(int from, boolean hexadecimal) {
    int end = from;
    while ((hexadecimal ? isHexDigit(charAt(end)) : isDigit(charAt(end)))
        || (charAt(end) == '_' && end > from && isHexDigit(charAt(end + 1)))) {
      end++;
    }
    return end;
  }

  private int endOfExponent(int from) {
    if ((charAt(from) | 32) != 'e') {
      return from;
    }
    int digits = charAt(from + 1) == '+' || charAt(from + 1) == '-' ? from + 2 : from + 1;
    return isDigit(charAt(digits)) ? endOfDigits(digits, false) : from;
  }

  private void scanString(int quote, boolean escapes, int type) {
    int open = quote;
    int end = open;
    while (open >= 0) {
      int close = closingQuote(text, open, escapes);
      if (close < 0) {
        throw refuse("unterminated quoted string", text.length());
      }
      end = close + 1;
      open = continuation(text, end);
    }
    add(type, end);
  }

  private void scanQuotedName(int quote, int type) {
    int close = closingQuote(text, quote, false);
    if (close < 0) {
      throw refuse("unterminated quoted identifier", text.length());
    }
    if (close == quote + 1) {
      throw refuse("zero-length delimited identifier", close + 1);
    }
    add(type, close + 1);
  }

  private void scanDollar() {
    if (isDigit(charAt(at + 1))) {
      add(SQLLexer.DOLLAR_NUMBER, endOfDigits(at + 1, false));
      return;
    }
    int tagEnd = at + 1;
    while (isNamePart(charAt(tagEnd)) && charAt(tagEnd) != '$') {
      tagEnd++;
    }
    if (charAt(tagEnd) != '$') {
      add(SQLLexer.BAD, at + 1);
      return;
    }
    String tag = text.substring(at, tagEnd + 1);
    int close = text.indexOf(tag, tagEnd + 1);
    if (close < 0) {
      throw refuse("unterminated dollar-quoted string", text.length());
    }
    add(SQLLexer.StringConstant, close + tag.length());
  }

  private void scanOperator() {
    int end = at;
    while (OPERATOR_CHARACTERS.indexOf(charAt(end)) >= 0 && !startsComment(end)) {
      end++;
    }
    while (end > at + 1 && "+-".indexOf(charAt(end - 1)) >= 0 && !mayEndWithSign(end)) {
      end--;
    }
    add(TokenTypes.ofOperator(text.substring(at, end)), end);
  }

  private boolean mayEndWithSign(int end) {
    return text.substring(at, end).chars().anyMatch(c -> ENDS_WITH_SIGN_ONLY_WITH.indexOf(c) >= 0);
  }

  private void scanFixed() {
    String two = text.substring(at, Math.min(at + 2, text.length()));
    int length = two.length() == 2 && TokenTypes.ofSign(two) != SQLLexer.BAD ? 2 : 1;
    add(TokenTypes.ofSign(text.substring(at, at + length)), at + length);
  }

  private void skipBlanks() {
    int end = endOfBlanks(text, at);
    while (text.startsWith("/*", end)) {
      end = endOfBlanks(text, endOfBlockComment(end));
    }
    at = end;
  }

  private int endOfBlockComment(int start) {
    int depth = 1;
    int end = start + 2;
    while (depth > 0) {
      if (end >= text.length()) {
        at = start;
        throw refuse("unterminated /* comment", text.length());
      }
      boolean opens = text.startsWith("/*", end);
      boolean closes = text.startsWith("*/", end);
      depth += opens ? 1 : closes ? -1 : 0;
      end += opens || closes ? 2 : 1;
    }
    return end;
  }

  private void add(int type, int end) {
    CommonToken token = new CommonToken(type, text.substring(at, end));
    token.setStartIndex(at);
    token.setStopIndex(end - 1);
    token.setTokenIndex(tokens.size());
    tokens.add(token);
    at = end;
  }

  private CompileException refuse(String what, int end) {
    return Refusal.syntax(source, what, new Span(at, end));
  }

  private boolean startsComment(int offset) {
    return text.startsWith("--", offset) || text.startsWith("/*", offset);
  }

  private int endOfWord(int from) {
    int end = from;
    while (isNamePart(charAt(end))) {
      end++;
    }
    return end;
  }

  private char charAt(int offset) {
    return offset < text.length() ? text.charAt(offset) : '\0';
  }

  /// The offset of the quote that ends the string begun at `open`; -1 when there is none.
  static int closingQuote(String text, int open, boolean escapes) {
    char quote = text.charAt(open);
    for (int i = open + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && escapes) {
        i++;
      } else if (c == quote) {
        if (i + 1 >= text.length() || text.charAt(i + 1) != quote) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /// The opening quote of the next piece of a string, which must be on a later line; -1 if none.
  static int continuation(String text, int end) {
    int next = endOfBlanks(text, end);
    boolean laterLine = text.substring(end, next).chars().anyMatch(c -> c == '\n' || c == '\r');
    return laterLine && next < text.length() && text.charAt(next) == '\'' ? next : -1;
  }

  /// The end of white space and line comments.
  private static int endOfBlanks(String text, int from) {
    int end = from;
    while (end < text.length()) {
      if (" \t\n\r\f\u000B".indexOf(text.charAt(end)) >= 0) {
        end++;
      } else if (text.startsWith("--", end)) {
        int newline = text.indexOf('\n', end);
        end = newline < 0 ? text.length() : newline;
      } else {
        break;
      }
    }
    return end;
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || isDigit(c) || c == '$';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isHexDigit(char c) {
    return isDigit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
  }
}
