package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.SourcePosition;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.SqlText;
import dev.freshet.engine.catalog.ServerErrors;
import dev.freshet.engine.catalog.Session;
import java.util.stream.Collectors;

/// Creates the plain view of a declared query, and reads back how the server understood it.
final class DefinitionView {
  private DefinitionView() {}

  /// Errors in the query are shown at their place in the view file.
  ///
  /// @param kind `VIEW` or `TEMPORARY VIEW`
  static void create(Session session, DeclaredView declared, String kind, String name) {
    String columns =
        declared.view().columns().isEmpty()
            ? ""
            : declared.view().columns().stream()
                .map(Quote::name)
                .collect(Collectors.joining(", ", " (", ")"));
    String head = "CREATE " + kind + " " + name + columns + " AS ";
    try {
      session.execute(head + declared.view().query().text());
    } catch (FreshetException e) {
      throw atItsPlace(e, declared, head.length());
    }
  }

  /// The query with every name qualified and every cast explicit.
  ///
  /// The search path must be `pg_catalog` alone.
  static String canonicalQuery(Session session, String view) {
    return session.one(
        "SELECT rtrim(pg_get_viewdef(?::regclass), ';')", row -> row.getString(1).strip(), view);
  }

  private static FreshetException atItsPlace(
      FreshetException error, DeclaredView declared, int headLength) {
    int offset = ServerErrors.position(error) - 1 - headLength;
    if (offset < 0) {
      return error;
    }
    SqlText source = declared.file().source();
    SourcePosition place = source.position(declared.view().query().span().start() + offset);
    return new FreshetException(error.problem().at(place), error);
  }
}
