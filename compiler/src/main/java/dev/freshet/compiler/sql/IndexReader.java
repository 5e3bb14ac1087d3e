package dev.freshet.compiler.sql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Create_index_statementContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Index_columnContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Index_restContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.VexContext;

/// Reads `CREATE INDEX`, so that it can be printed for another relation.
final class IndexReader {
  private final SqlText source;
  private final NameReader names;
  private final Map<Span, String> qualifiers;

  private IndexReader(SqlText source, Map<Span, String> qualifiers) {
    this.source = source;
    this.names = new NameReader(source);
    this.qualifiers = qualifiers;
  }

  static Statement.CreateIndex read(SqlText source, List<Token> tokens) {
    Create_index_statementContext tree =
        Grammar.statement(source, tokens)
            .schema_statement()
            .schema_create()
            .create_index_statement();
    if (tree.ONLY() != null) {
      throw Refusal.syntax(source, tree.ONLY().getSymbol());
    }
    NameReader names = new NameReader(source);
    ObjectName view = names.objectName(tree.table_name);
    IndexReader reader = new IndexReader(source, qualifiers(tokens, view));
    return new Statement.CreateIndex(
        StatementSplitter.span(tokens),
        reader.readHead(tree),
        view,
        reader.readKeys(tree.index_rest()),
        reader.readClauses(tree.index_rest()));
  }

  private Statement.IndexHead readHead(Create_index_statementContext tree) {
    return new Statement.IndexHead(
        tree.name == null ? null : DeclaredName.of(names, tree.name),
        tree.UNIQUE() != null,
        tree.CONCURRENTLY() != null,
        tree.if_not_exists() != null);
  }

  private Statement.IndexKeys readKeys(Index_restContext tree) {
    return new Statement.IndexKeys(
        tree.method == null ? null : names.name(tree.method),
        tree.index_columns().index_column().stream().map(this::readElement).toList(),
        tree.including_index() == null
            ? List.of()
            : names.names(tree.including_index().identifier()),
        tree.nulls_distinction() != null && tree.nulls_distinction().NOT() != null);
  }

  private Statement.IndexClauses readClauses(Index_restContext tree) {
    boolean hasParameters = tree.with_storage_parameter() != null;
    return new Statement.IndexClauses(
        hasParameters
            ? OptionListReader.read(source, tree.with_storage_parameter().storage_parameters())
            : List.of(),
        tree.table_space() == null ? null : names.name(tree.table_space().identifier()),
        tree.index_where() == null ? null : text(tree.index_where().vex()));
  }

  private Statement.IndexElement readElement(Index_columnContext tree) {
    VexContext expression = tree.column;
    boolean collated = expression.collate_identifier() != null;
    VexContext inner = collated ? expression.vex(0) : expression;
    boolean ownEquality = !collated && tree.operator_class == null;
    return new Statement.IndexElement(text(tree), column(inner), ownEquality);
  }

  /// The name of a bare column; null for anything else.
  private @Nullable String column(VexContext expression) {
    var primary = expression.value_expression_primary();
    boolean bare =
        primary != null
            && primary.indirection_var() != null
            && primary.indirection_var().indirection_list() == null
            && primary.indirection_var().identifier() != null;
    return bare ? names.name(primary.indirection_var().identifier()) : null;
  }

  private String text(ParserRuleContext tree) {
    return source.replacing(Span.of(tree), qualifiers);
  }

  /// The `view.` and `schema.view.` in front of column names, each to be replaced by nothing.
  private static Map<Span, String> qualifiers(List<Token> tokens, ObjectName view) {
    Map<Span, String> found = new HashMap<>();
    for (int i = 0; i + 2 < tokens.size(); i++) {
      boolean startsPath = i == 0 || tokens.get(i - 1).getType() != SQLLexer.DOT;
      if (startsPath && tokens.get(i).getStartIndex() >= view.span().end()) {
        int dots = qualifierLength(tokens, i, view.name());
        if (dots > 0) {
          found.put(
              new Span(tokens.get(i).getStartIndex(), tokens.get(i + dots).getStopIndex() + 1), "");
        }
      }
    }
    return found;
  }

  /// How many tokens after the first belong to a qualification by the view's name; 0 if none.
  private static int qualifierLength(List<Token> tokens, int at, QualifiedName view) {
    if (isNameWithDot(tokens, at, view.name())) {
      return 1;
    }
    boolean withSchema =
        view.schema() != null
            && at + 4 < tokens.size()
            && isNameWithDot(tokens, at, view.schema())
            && isNameWithDot(tokens, at + 2, view.name());
    return withSchema ? 3 : 0;
  }

  private static boolean isNameWithDot(List<Token> tokens, int at, String name) {
    Token token = tokens.get(at);
    boolean isName = token.getType() == SQLLexer.QuotedIdentifier || isWord(token);
    return isName
        && tokens.get(at + 1).getType() == SQLLexer.DOT
        && Unquote.name(token.getText(), '\\').equals(name);
  }

  private static boolean isWord(Token token) {
    return token.getType() == SQLLexer.Identifier
        || (token.getType() > 0 && token.getType() < SQLLexer.ALIGNMENT);
  }
}
