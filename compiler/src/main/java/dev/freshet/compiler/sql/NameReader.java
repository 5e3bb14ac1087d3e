package dev.freshet.compiler.sql;

import dev.freshet.compiler.CompileException;
import java.util.List;
import java.util.function.BiFunction;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser;

/// Reads names and string constants out of the grammar's tree.
record NameReader(SqlText source) {

  static QualifiedName qualifiedName(SqlText source) {
    return new NameReader(source).qualified(Grammar.name(source));
  }

  /// The name that an identifier, column label or keyword used as a name stands for, cut where
  /// PostgreSQL cuts it.
  String name(ParserRuleContext tree) {
    return Unquote.truncated(fullName(tree));
  }

  /// The name as written, however long.
  String fullName(ParserRuleContext tree) {
    return unquoted(tree, Unquote::name);
  }

  List<String> names(List<? extends ParserRuleContext> trees) {
    return trees.stream().map(this::name).toList();
  }

  String string(SQLParser.SconstContext tree) {
    return unquoted(tree, Unquote::literal);
  }

  QualifiedName qualified(SQLParser.Schema_qualified_nameContext tree) {
    List<SQLParser.Identifier_reservedContext> rest = tree.identifier_reserved();
    return switch (rest.size()) {
      case 0 -> new QualifiedName(null, name(tree.identifier()));
      case 1 -> new QualifiedName(name(tree.identifier()), name(rest.getFirst()));
      default -> throw crossDatabase(Span.of(tree));
    };
  }

  ObjectName objectName(SQLParser.Schema_qualified_nameContext tree) {
    return new ObjectName(qualified(tree), Span.of(tree));
  }

  CompileException crossDatabase(Span span) {
    String message = "cross-database references are not implemented: " + source.slice(span);
    return Refusal.notSupported(source, span, message, null);
  }

  /// The first token is the name or string; a later one can only be the escape of `UESCAPE 'x'`.
  private String unquoted(ParserRuleContext tree, BiFunction<String, Character, String> reader) {
    Token first = tree.getStart();
    Token last = tree.getStop();
    if (!first.equals(last) && last.getType() != SQLLexer.StringConstant) {
      throw Refusal.syntax(source, last);
    }
    char escape = first.equals(last) ? '\\' : Unquote.literal(last.getText(), '\\').charAt(0);
    try {
      return reader.apply(first.getText(), escape);
    } catch (IllegalArgumentException e) {
      throw Refusal.syntax(source, "invalid Unicode escape", Span.of(first));
    }
  }
}
