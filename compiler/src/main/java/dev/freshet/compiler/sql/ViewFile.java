package dev.freshet.compiler.sql;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;

/// A file in which a user declares materialized views, their indexes, comments and rights.
///
/// @param statements in the order of the file
public record ViewFile(SqlText source, List<Statement> statements) {

  /// Reads a file; the first error is thrown with its place.
  ///
  /// @param fileName shown in errors
  public static ViewFile parse(String fileName, String text) {
    SqlText source = new SqlText(fileName, text);
    List<Statement> statements = new ArrayList<>();
    for (List<Token> tokens : StatementSplitter.split(source)) {
      statements.add(readStatement(source, tokens));
    }
    return new ViewFile(source, List.copyOf(statements));
  }

  public List<Statement.CreateMaterializedView> views() {
    return statements.stream()
        .filter(Statement.CreateMaterializedView.class::isInstance)
        .map(Statement.CreateMaterializedView.class::cast)
        .toList();
  }

  private static Statement readStatement(SqlText source, List<Token> tokens) {
    StatementKind kind = StatementKind.of(source, tokens);
    return switch (kind) {
      case CREATE_VIEW -> ViewReader.read(source, tokens);
      case CREATE_INDEX, CREATE_UNIQUE_INDEX -> IndexReader.read(source, tokens);
      case COMMENT -> RightsReader.readComment(source, tokens);
      case GRANT -> RightsReader.readGrant(source, tokens);
      case OWNER -> RightsReader.readOwner(source, tokens);
    };
  }
}
