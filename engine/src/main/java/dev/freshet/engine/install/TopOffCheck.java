package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.emit.TopOff;
import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.engine.catalog.Session;

/// Refuses a top-off window whose condition the server does not understand, before the view relies
/// on it.
final class TopOffCheck {
  private TopOffCheck() {}

  static void check(Session session, ViewShape shape) {
    if (!(shape.storage().topOff() instanceof TopOff.Window(String condition))) {
      return;
    }
    try {
      session.inSavepoint(() ->
          session.withCatalogPath(() -> {
            session.execute(
                "EXPLAIN SELECT FROM %s q WHERE (%s\n)".formatted(shape.object(""), condition));
            return true;
          }));
    } catch (FreshetException e) {
      Problem problem = e.problem();
      throw new FreshetException(
          new Problem(
              problem.sqlState(),
              "option freshet.top_off_where of view " + shape.view() + ": " + problem.message(),
              problem.detail(),
              "It is a condition on the columns of the view. Qualify functions that are not"
                  + " PostgreSQL's own.",
              null),
          e);
    }
  }
}
