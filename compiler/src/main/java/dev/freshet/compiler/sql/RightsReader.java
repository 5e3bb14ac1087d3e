package dev.freshet.compiler.sql;

import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.Statement.CommentSubject;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Comment_member_objectContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Comment_on_statementContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Rule_commonContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Rule_member_objectContext;

/// Reads COMMENT, GRANT and `ALTER MATERIALIZED VIEW ... OWNER TO`.
final class RightsReader {
  private final SqlText source;
  private final NameReader names;
  private final List<Token> tokens;

  private RightsReader(SqlText source, List<Token> tokens) {
    this.source = source;
    this.names = new NameReader(source);
    this.tokens = tokens;
  }

  static Statement.Comment readComment(SqlText source, List<Token> tokens) {
    RightsReader reader = new RightsReader(source, tokens);
    Comment_on_statementContext tree =
        Grammar.statement(source, tokens).schema_statement().schema_create().comment_on_statement();
    return new Statement.Comment(
        StatementSplitter.span(tokens),
        reader.readSubject(tree.comment_member_object()),
        tree.sconst() == null ? null : reader.names.string(tree.sconst()));
  }

  static Statement.Grant readGrant(SqlText source, List<Token> tokens) {
    return new RightsReader(source, tokens)
        .readGrant(
            Grammar.statement(source, tokens).schema_statement().schema_create().rule_common());
  }

  static Statement.OwnerTo readOwner(SqlText source, List<Token> tokens) {
    RightsReader reader = new RightsReader(source, tokens);
    var tree =
        Grammar.statement(source, tokens).schema_statement().schema_alter().alter_owner_statement();
    if (tree == null) {
      throw reader.refuseAlter();
    }
    return new Statement.OwnerTo(
        StatementSplitter.span(tokens),
        reader.names.objectName(tree.owner_member_object().name),
        tree.owner_member_object().if_exists() != null,
        reader.readRole(tree.owner_to().user_name()));
  }

  private CommentSubject readSubject(Comment_member_objectContext tree) {
    if (tree.COLUMN() != null) {
      return readColumn(tree.name);
    }
    if (tree.INDEX() != null) {
      return new CommentSubject.OnIndex(names.objectName(tree.name));
    }
    if (tree.VIEW() != null && tree.MATERIALIZED() != null) {
      return new CommentSubject.OnView(names.objectName(tree.name));
    }
    throw Refusal.notSupported(
        source,
        Span.of(tree),
        "comments on other objects are not allowed in a view file",
        "Write COMMENT ON MATERIALIZED VIEW, COMMENT ON COLUMN or COMMENT ON INDEX.");
  }

  /// A column's name is `view.column` or `schema.view.column`.
  private CommentSubject readColumn(SQLParser.Schema_qualified_nameContext tree) {
    List<SQLParser.Identifier_reservedContext> rest = tree.identifier_reserved();
    if (rest.isEmpty()) {
      Problem problem = Problem.of("42601", "column name must be qualified");
      throw Refusal.at(source, Span.of(tree), problem);
    }
    String first = names.name(tree.identifier());
    ParserRuleContext viewEnd = rest.size() == 1 ? tree.identifier() : rest.getFirst();
    QualifiedName view =
        rest.size() == 1
            ? QualifiedName.of(first)
            : new QualifiedName(first, names.name(rest.getFirst()));
    Span span = Span.of(tree.getStart(), viewEnd.getStop());
    return new CommentSubject.OnColumn(new ObjectName(view, span), names.name(rest.getLast()));
  }

  private Statement.Grant readGrant(Rule_commonContext tree) {
    if (tree.other_rules() != null) {
      throw refuseGrant(tree.other_rules());
    }
    Rule_member_objectContext object = tree.rule_member_object();
    if (object.table_names == null) {
      throw refuseGrant(object);
    }
    if (tree.granted_by() != null) {
      throw Refusal.notSupported(
          source, Span.of(tree.granted_by()), "GRANTED BY is not allowed in a view file", null);
    }
    return new Statement.Grant(
        StatementSplitter.span(tokens),
        readPrivileges(tree),
        object.table_names.schema_qualified_name().stream().map(names::objectName).toList(),
        tree.roles_names().role_name_with_group().stream()
            .map(role -> readRole(role.user_name()))
            .toList(),
        tree.OPTION() != null);
  }

  private List<Statement.Privilege> readPrivileges(Rule_commonContext tree) {
    if (tree.permissions() != null) {
      return tree.permissions().permission().stream()
          .map(permission -> new Statement.Privilege(privilege(permission), List.of()))
          .toList();
    }
    return tree.columns_permissions().table_column_privileges().stream()
        .map(privileges ->
            new Statement.Privilege(
                privilege(privileges.table_column_privilege()),
                names.names(privileges.identifier_list_in_paren().identifier_list().identifier())))
        .toList();
  }

  /// `ALL PRIVILEGES` means `ALL`.
  private static String privilege(ParserRuleContext tree) {
    return tree.getStart().getText().toUpperCase(Locale.ROOT);
  }

  private Statement.Role readRole(SQLParser.User_nameContext tree) {
    if (tree.identifier() == null) {
      return new Statement.Role(privilege(tree), true);
    }
    String name = names.name(tree.identifier());
    return name.equals("public")
        ? new Statement.Role("PUBLIC", true)
        : new Statement.Role(name, false);
  }

  private CompileException refuseGrant(ParserRuleContext tree) {
    return Refusal.notSupported(
        source,
        Span.of(tree),
        "a view file may grant rights on materialized views only",
        "Write GRANT SELECT ON view TO role.");
  }

  private CompileException refuseAlter() {
    String words = tokens.stream().limit(3).map(Token::getText).collect(Collectors.joining(" "));
    return Refusal.notSupported(
        source,
        Span.of(tokens.getFirst()),
        words.toUpperCase(Locale.ROOT) + " is not allowed in a view file except for OWNER TO",
        "Options belong in the WITH list of CREATE MATERIALIZED VIEW.");
  }
}
