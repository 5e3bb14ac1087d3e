package dev.freshet.engine.install;

import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.engine.catalog.Session;
import java.util.stream.Collectors;

/// The plain view under the user's name, with the triggers that refuse hand edits.
final class Wrapper {
  private Wrapper() {}

  /// A view that fails to read until content is published.
  static void create(Session session, ViewShape shape) {
    int id = shape.storage().viewId();
    session.execute(
        "CREATE VIEW %s AS SELECT %s FROM %s s WHERE freshet.has_content(%d, 0) OR freshet.check_content(%d, 0)"
            .formatted(
                shape.view(),
                shape.shownColumns().stream()
                    .map(column -> "s." + Quote.name(column.name()))
                    .collect(Collectors.joining(", ")),
                shape.object(""),
                id,
                id));
    createTriggers(session, shape.view());
  }

  /// Either trigger alone lets some statement through: the one zero rows, the other COPY.
  static void createTriggers(Session session, QualifiedName view) {
    session.execute(
        """
        CREATE TRIGGER freshet_refuse_rows INSTEAD OF INSERT OR UPDATE OR DELETE ON %1$s
          FOR EACH ROW EXECUTE FUNCTION freshet.refuse_change();
        CREATE TRIGGER freshet_refuse_statements BEFORE INSERT OR UPDATE OR DELETE ON %1$s
          FOR EACH STATEMENT EXECUTE FUNCTION freshet.refuse_change()
        """
            .formatted(view));
  }
}
