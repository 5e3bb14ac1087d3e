package dev.freshet.compiler.sql;

import dev.freshet.compiler.CompileException;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Additional_statementContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Function_callContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.StatementContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.VexContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Vex_or_named_notationContext;

/// Reads the statement of a scheduled job.
final class RefreshReader {
  private static final String HINT =
      "Write REFRESH MATERIALIZED VIEW view or CALL freshet.refresh('view').";

  private final SqlText source;
  private final NameReader names;

  private RefreshReader(SqlText source) {
    this.source = source;
    this.names = new NameReader(source);
  }

  static RefreshStatement read(SqlText source) {
    return new RefreshReader(source).read(StatementSplitter.split(source));
  }

  private RefreshStatement read(List<List<Token>> statements) {
    if (statements.size() != 1) {
      Span second = statements.isEmpty() ? new Span(0, 0) : Span.of(statements.get(1).getFirst());
      throw refuse(second, "a refresh must be exactly one statement");
    }
    List<Token> tokens = statements.getFirst();
    return switch (tokens.getFirst().getType()) {
      case SQLLexer.REFRESH -> readRefresh(Grammar.statement(source, tokens));
      case SQLLexer.CALL -> readCall(Grammar.statement(source, tokens));
      default -> throw refuse(Span.of(tokens.getFirst()), "the statement is not a refresh");
    };
  }

  private RefreshStatement readRefresh(StatementContext tree) {
    Additional_statementContext refresh =
        tree.script_statement().script_additional().additional_statement();
    return new RefreshStatement.Refresh(
        names.qualified(refresh.schema_qualified_name()),
        refresh.CONCURRENTLY() != null,
        refresh.NO() == null);
  }

  private RefreshStatement readCall(StatementContext tree) {
    Function_callContext call = tree.script_statement().script_additional().function_call();
    var name = call.schema_qualified_name_nontype();
    boolean ours = name != null && name.schema != null && names.name(name.schema).equals("freshet");
    String procedure = ours ? names.name(name.identifier_reserved_nontype()) : "";
    List<RefreshStatement.Argument> arguments =
        call.vex_or_named_notation().stream().map(this::readArgument).toList();
    if (procedure.equals("refresh")) {
      return new RefreshStatement.Call(arguments);
    }
    if (procedure.equals("refresh_all") && arguments.isEmpty()) {
      return new RefreshStatement.CallAll();
    }
    throw refuse(Span.of(call), "the statement is not a refresh");
  }

  private RefreshStatement.Argument readArgument(Vex_or_named_notationContext tree) {
    String parameter = tree.identifier() == null ? null : names.name(tree.identifier());
    if (tree.VARIADIC() != null) {
      throw refuse(Span.of(tree), "an argument must be a constant");
    }
    return new RefreshStatement.Argument(parameter, readConstant(tree.vex()));
  }

  private @Nullable String readConstant(VexContext tree) {
    Token token = tree.getStart();
    boolean single = token.equals(tree.getStop());
    return switch (single ? token.getType() : Token.INVALID_TYPE) {
      case SQLLexer.StringConstant -> Unquote.literal(token.getText(), '\\');
      case SQLLexer.Integer, SQLLexer.Numeric, SQLLexer.TRUE, SQLLexer.FALSE ->
          Unquote.folded(token.getText());
      case SQLLexer.NULL -> null;
      default -> throw refuse(Span.of(tree), "an argument must be a constant");
    };
  }

  private CompileException refuse(Span span, String message) {
    return Refusal.notSupported(source, span, message, HINT);
  }
}
