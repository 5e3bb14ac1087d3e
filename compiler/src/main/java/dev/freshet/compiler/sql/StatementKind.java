package dev.freshet.compiler.sql;

import dev.freshet.compiler.CompileException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Token;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;

/// The statements that a view file may hold, told apart by their first words.
enum StatementKind {
  CREATE_VIEW("create materialized view"),
  CREATE_INDEX("create index"),
  CREATE_UNIQUE_INDEX("create unique index"),
  COMMENT("comment"),
  GRANT("grant"),
  OWNER("alter materialized view");

  private static final String ALLOWED =
      "A view file may hold CREATE MATERIALIZED VIEW, CREATE INDEX, COMMENT, GRANT and ALTER"
          + " MATERIALIZED VIEW ... OWNER TO.";

  /// Words with which PostgreSQL's other statements begin.
  private static final Set<String> COMMANDS =
      Set.of(
          """
          abort alter analyse analyze begin call checkpoint close cluster commit copy create
          deallocate declare delete discard do drop end execute explain fetch import insert listen
          load lock merge move notify prepare reassign refresh reindex release reset revoke
          rollback savepoint security select set show start table truncate unlisten update vacuum
          values with
          """
              .strip()
              .split("\\s+"));

  /// Words that may stand between CREATE and the kind of object.
  private static final Set<String> MODIFIERS =
      Set.of("or", "replace", "temp", "temporary", "unlogged", "unique", "global", "local");

  private final String firstWords;

  StatementKind(String firstWords) {
    this.firstWords = firstWords;
  }

  /// The kind of a statement; anything else is refused at its place.
  static StatementKind of(SqlText source, List<Token> statement) {
    for (StatementKind kind : values()) {
      if (kind.matches(statement)) {
        return kind;
      }
    }
    throw refuse(source, statement);
  }

  private boolean matches(List<Token> statement) {
    int count = firstWords.split(" ").length;
    return statement.stream()
        .limit(count)
        .map(token -> Unquote.folded(token.getText()))
        .collect(Collectors.joining(" "))
        .equals(firstWords);
  }

  private static CompileException refuse(SqlText source, List<Token> statement) {
    Token first = statement.getFirst();
    if (first.getText().equals("\\")) {
      String message = "psql commands are not allowed in a view file";
      return Refusal.notSupported(source, Span.of(first), message, ALLOWED);
    }
    if (!COMMANDS.contains(Unquote.folded(first.getText()))) {
      return Refusal.syntax(source, first);
    }
    String message = command(statement) + " is not allowed in a view file";
    return Refusal.notSupported(source, Span.of(first), message, hint(statement));
  }

  private static String hint(List<Token> statement) {
    boolean replaces = statement.size() > 3 && statement.get(3).getType() == SQLLexer.MATERIALIZED;
    return replaces
        ? "Write CREATE MATERIALIZED VIEW: a changed definition replaces the old one."
        : ALLOWED;
  }

  /// The statement's name: `INSERT`, `CREATE TABLE`, `CREATE OR REPLACE MATERIALIZED VIEW`.
  private static String command(List<Token> statement) {
    String first = upper(statement.getFirst());
    StringBuilder command = new StringBuilder(first);
    if (Set.of("CREATE", "ALTER", "DROP").contains(first)) {
      int next = 1;
      while (MODIFIERS.contains(Unquote.folded(statement.get(next).getText()))) {
        command.append(' ').append(upper(statement.get(next++)));
      }
      command.append(' ').append(upper(statement.get(next)));
      if (statement.get(next).getType() == SQLLexer.MATERIALIZED) {
        command.append(' ').append(upper(statement.get(next + 1)));
      }
    }
    return command.toString().strip();
  }

  private static String upper(Token token) {
    return token.getText().toUpperCase(Locale.ROOT);
  }
}
