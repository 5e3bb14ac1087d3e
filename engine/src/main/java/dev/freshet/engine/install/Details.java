package dev.freshet.engine.install;

import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.Statement;
import dev.freshet.engine.catalog.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// Grants and comments of a view file, as statements on the objects that stand for the view.
final class Details {
  private Details() {}

  static void applyAll(
      Session session, DeclaredView declared, QualifiedName view, int id, int revision) {
    grants(declared.grants(), view).forEach(session::execute);
    comments(declared, view, id, revision).forEach(session::execute);
  }

  static List<String> grants(Collection<Statement.Grant> grants, QualifiedName view) {
    return grants.stream().map(grant -> grant(grant, view)).toList();
  }

  static List<String> comments(DeclaredView declared, QualifiedName view, int id, int revision) {
    List<String> statements = new ArrayList<>();
    for (Statement.Comment comment : declared.comments()) {
      String text = comment.text() == null ? "NULL" : Quote.literal(comment.text());
      statements.add(
          "COMMENT ON " + subject(comment.subject(), view, id, revision) + " IS " + text);
    }
    return statements;
  }

  private static String subject(
      Statement.CommentSubject subject, QualifiedName view, int id, int revision) {
    return switch (subject) {
      case Statement.CommentSubject.OnView onView -> "VIEW " + view.sql();
      case Statement.CommentSubject.OnColumn onColumn ->
          "COLUMN " + view.sql() + "." + Quote.name(onColumn.column());
      case Statement.CommentSubject.OnIndex onIndex ->
          "INDEX "
              + new QualifiedName(
                      "freshet_data",
                      ObjectNames.index(onIndex.index().name().name(), id, revision))
                  .sql();
    };
  }

  private static String grant(Statement.Grant grant, QualifiedName view) {
    String privileges =
        grant.privileges().stream()
            .map(privilege ->
                privilege.columns().isEmpty()
                    ? privilege.name()
                    : privilege.columns().stream()
                        .map(Quote::name)
                        .collect(Collectors.joining(", ", privilege.name() + " (", ")")))
            .collect(Collectors.joining(", "));
    String grantees =
        grant.grantees().stream().map(Statement.Role::sql).collect(Collectors.joining(", "));
    return "GRANT %s ON %s TO %s%s"
        .formatted(
            privileges, view.sql(), grantees, grant.withGrantOption() ? " WITH GRANT OPTION" : "");
  }
}
