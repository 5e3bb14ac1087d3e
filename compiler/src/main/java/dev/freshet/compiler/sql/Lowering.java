package dev.freshet.compiler.sql;

import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.sql.FromItem.TableRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Data_statementContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Select_stmtContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.StatementContext;

/// Turns the grammar's tree of one query into syntax records: the state that the lowering of each
/// part of the grammar shares.
final class Lowering {
  final SqlText source;
  final NameReader names;
  final QueryLowering queries = new QueryLowering(this);
  final SelectLowering selects = new SelectLowering(this);
  final FromLowering from = new FromLowering(this);
  final ExpressionLowering expressions = new ExpressionLowering(this);
  final PrimaryLowering primaries = new PrimaryLowering(this);
  final CallLowering calls = new CallLowering(this);
  final PhraseLowering phrases = new PhraseLowering(this);

  private final List<TableRef> tables = new ArrayList<>();
  private final List<Expression.Column> columns = new ArrayList<>();
  private final Deque<Set<String>> commonTables = new ArrayDeque<>();

  private Lowering(SqlText source) {
    this.source = source;
    this.names = new NameReader(source);
  }

  static ParsedQuery lower(SqlText source, Span span) {
    StatementContext tree = Grammar.statement(source, tokens(source, span));
    Data_statementContext data = tree.data_statement();
    if (data == null || data.select_stmt() == null) {
      throw Refusal.notSupported(
          source, Span.of(tree.getStart()), "the query of a view must be a SELECT", null);
    }
    Lowering lowering = new Lowering(source);
    Query query = lowering.lower(data.select_stmt());
    lowering.tables.sort(Comparator.comparingInt(table -> table.span().start()));
    lowering.columns.sort(Comparator.comparingInt(column -> column.span().start()));
    return new ParsedQuery(
        source, query, List.copyOf(lowering.tables), List.copyOf(lowering.columns));
  }

  private Query lower(Select_stmtContext tree) {
    try {
      return queries.lower(tree);
    } catch (StackOverflowError e) {
      throw Refusal.tooDeep(source, tree.getStart());
    }
  }

  /// Opens the scope of a query's WITH list.
  void enterQuery() {
    commonTables.push(new HashSet<>());
  }

  void addCommonTable(String name) {
    commonTables.element().add(name);
  }

  void leaveQuery() {
    commonTables.pop();
  }

  boolean isCommonTable(QualifiedName name) {
    return name.schema() == null
        && commonTables.stream().anyMatch(scope -> scope.contains(name.name()));
  }

  TableRef keep(TableRef table) {
    tables.add(table);
    return table;
  }

  Expression.Column keep(Expression.Column column) {
    columns.add(column);
    return column;
  }

  /// The type of the token that a leaf of the tree is; `INVALID_TYPE` for anything else.
  static int type(@Nullable ParseTree tree) {
    return tree instanceof TerminalNode leaf ? leaf.getSymbol().getType() : Token.INVALID_TYPE;
  }

  CompileException notSupported(ParserRuleContext tree, String message) {
    return Refusal.notSupported(source, Span.of(tree), message, null);
  }

  private static List<Token> tokens(SqlText source, Span span) {
    List<Token> tokens = new ArrayList<>();
    for (Token token : SqlScanner.scan(source)) {
      boolean blank = token.getType() == Token.EOF || token.getType() == SQLLexer.SEMI_COLON;
      if (!blank && span.contains(Span.of(token))) {
        tokens.add(token);
      }
    }
    CommonToken end = new CommonToken(Token.EOF, "");
    end.setStartIndex(span.end());
    end.setStopIndex(span.end() - 1);
    tokens.add(end);
    return tokens;
  }
}
