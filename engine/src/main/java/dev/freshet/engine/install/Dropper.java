package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.View;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.ViewOptions;
import dev.freshet.engine.catalog.Catalog;
import dev.freshet.engine.catalog.Session;
import java.util.List;

/// Drops views with everything that Freshet made for them.
///
/// Locks: ACCESS EXCLUSIVE on the view and its objects, in bounded attempts.
public final class Dropper {
  private Dropper() {}

  /// Drops the view of this name; refused while other objects depend on it.
  public static void drop(Session session, String name) {
    int id = Catalog.idOf(session, name);
    session.inTransaction(() -> {
      drop(session, ExistingViews.byId(session, id));
      return true;
    });
    Capture.release(session, ViewOptions.of(List.of()).publishing());
  }

  static void drop(Session session, ExistingView view) {
    RefreshLock.take(session, view);
    try {
      new Attempts(session, ViewOptions.of(List.of()).publishing())
          .run("drop materialized view " + view.name(), () -> dropNow(session, view));
    } catch (FreshetException e) {
      throw e.sqlState().equals("2BP01") ? hasDependents(view, e) : e;
    }
    forget(session, view.id());
  }

  private static boolean dropNow(Session session, ExistingView view) {
    String kind = view.kind() == View.Kind.NATIVE ? "MATERIALIZED VIEW" : "VIEW";
    session.execute("DROP " + kind + " " + view.name());
    RealTimeView.drop(session, view.id());
    ManagedObjects.drop(session, view);
    return true;
  }

  static void forget(Session session, int id) {
    session.update("DELETE FROM freshet.unlogged_contents WHERE view_id = ?", id);
    session.update("DELETE FROM freshet.materialized_views WHERE id = ?", id);
  }

  private static FreshetException hasDependents(ExistingView view, FreshetException cause) {
    return new FreshetException(
        Problem.of(
                "2BP01",
                "cannot drop materialized view "
                    + view.name()
                    + " because other objects depend on it")
            .withDetail(cause.problem().detail())
            .withHint("Drop those first; Freshet never cascades."),
        cause);
  }
}
