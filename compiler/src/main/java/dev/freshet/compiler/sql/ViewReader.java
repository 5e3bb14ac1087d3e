package dev.freshet.compiler.sql;

import java.util.List;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Create_view_statementContext;

/// Reads `CREATE MATERIALIZED VIEW`.
final class ViewReader {
  private ViewReader() {}

  static Statement.CreateMaterializedView read(SqlText source, List<Token> tokens) {
    admitAnyOptionWord(tokens);
    Create_view_statementContext tree =
        Grammar.statement(source, tokens)
            .schema_statement()
            .schema_create()
            .create_view_statement();
    refuseClausesOfOtherRelations(source, tree);
    NameReader names = new NameReader(source);
    return new Statement.CreateMaterializedView(
        StatementSplitter.span(tokens),
        DeclaredName.of(names, tree.schema_qualified_name()),
        tree.if_not_exists() != null,
        tree.columns() == null ? List.of() : names.names(tree.columns().identifier()),
        readClauses(source, tree),
        readQuery(source, tree));
  }

  private static Statement.ViewClauses readClauses(
      SqlText source, Create_view_statementContext tree) {
    NameReader names = new NameReader(source);
    List<OptionSetting> settings = OptionListReader.read(source, tree.storage_parameters());
    return new Statement.ViewClauses(
        tree.identifier() == null ? null : names.name(tree.identifier()),
        settings.stream().filter(OptionSetting::isFreshet).toList(),
        settings.stream().filter(setting -> !setting.isFreshet()).toList(),
        tree.table_space() == null ? null : names.name(tree.table_space().identifier()));
  }

  private static Statement.ViewQuery readQuery(SqlText source, Create_view_statementContext tree) {
    Span span = Span.of(tree.select_stmt());
    return new Statement.ViewQuery(span, source.slice(span), tree.NO() == null);
  }

  /// The grammar is one for all kinds of views and for a relative of PostgreSQL.
  private static void refuseClausesOfOtherRelations(
      SqlText source, Create_view_statementContext tree) {
    if (tree.with_check_option() != null) {
      throw Refusal.syntax(
          source, ((TerminalNode) tree.with_check_option().getChild(1)).getSymbol());
    }
    if (tree.distributed_clause() != null) {
      throw Refusal.syntax(source, tree.distributed_clause().getStart());
    }
  }

  /// Lets any word be an option's value, as PostgreSQL does: the grammar refuses `= full`.
  private static void admitAnyOptionWord(List<Token> tokens) {
    boolean inList = false;
    for (int i = 1; i < tokens.size() && tokens.get(i).getType() != SQLLexer.AS; i++) {
      int before = tokens.get(i - 1).getType();
      int type = tokens.get(i).getType();
      inList |= before == SQLLexer.WITH && type == SQLLexer.LEFT_PAREN;
      boolean keyword = type > 0 && type < SQLLexer.ALIGNMENT;
      if (inList && before == SQLLexer.EQUAL && keyword) {
        ((CommonToken) tokens.get(i)).setType(SQLLexer.Identifier);
      }
    }
  }
}
