package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.Removal;
import dev.freshet.View;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.engine.catalog.Session;
import java.util.ArrayList;
import java.util.List;

/// Removes every trace of Freshet from a database in one transaction. What users read stays under
/// its name.
///
/// Locks: ACCESS EXCLUSIVE on every view and everything in the schemas of Freshet.
public final class Uninstaller {
  private final Session session;

  public Uninstaller(Session session) {
    this.session = session;
  }

  public void uninstall(Removal removal) {
    session.inTransaction(() -> {
      List<ExistingView> views = new ArrayList<>(ExistingViews.all(session).values());
      for (ExistingView view : views.reversed()) {
        release(view, removal);
      }
      refuseOthers();
      CronSchema.drop(session);
      session.execute("DROP SCHEMA IF EXISTS freshet_data CASCADE");
      session.execute("DROP SCHEMA IF EXISTS freshet CASCADE");
      return true;
    });
  }

  /// What a user built on the catalog or on a storage would go with the schemas: it is named
  /// instead, and nothing is removed.
  private void refuseOthers() {
    List<String> others =
        session.list(
            """
            WITH ours AS (SELECT n.oid FROM pg_namespace n WHERE n.nspname IN ('freshet', 'freshet_data'))
            SELECT DISTINCT freshet.qualified(w.ev_class)
            FROM pg_depend d
            JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
            JOIN pg_class v ON v.oid = w.ev_class AND v.relnamespace NOT IN (SELECT o.oid FROM ours o)
            WHERE (d.refclassid = 'pg_class'::regclass AND d.refobjid IN (
                SELECT c.oid FROM pg_class c WHERE c.relnamespace IN (SELECT o.oid FROM ours o)))
              OR (d.refclassid = 'pg_proc'::regclass AND d.refobjid IN (
                SELECT p.oid FROM pg_proc p WHERE p.pronamespace IN (SELECT o.oid FROM ours o)))
            """,
            row -> row.getString(1));
    if (!others.isEmpty()) {
      throw new FreshetException(
          Problem.of("2BP01", "cannot uninstall because views of yours read the catalog of Freshet")
              .withDetail("They are " + String.join(", ", others) + ".")
              .withHint("Drop them first; Freshet never cascades."));
    }
  }

  private void release(ExistingView view, Removal removal) {
    if (view.kind() == View.Kind.MANAGED) {
      requireQuery(view);
      switch (removal) {
        case AS_VIEW -> toPlainView(view);
        case AS_MATERIALIZED_VIEW -> toMaterializedView(view);
      }
    }
    RealTimeView.release(session, view);
    ManagedObjects.drop(session, view);
    Dropper.forget(session, view.id());
  }

  private void requireQuery(ExistingView view) {
    boolean exists =
        session.one(
            "SELECT to_regclass(?) IS NOT NULL", row -> row.getBoolean(1), view.object("_query"));
    if (!exists) {
      throw new FreshetException(
          Problem.of("55000", "materialized view %s has lost its query".formatted(view.name()))
              .withDetail("Something that the query reads was dropped with CASCADE.")
              .withHint("Drop the view, or apply its file again; then uninstall."));
    }
  }

  /// The query takes the place of the storage; dependents, rights and comments stay as they are.
  private void toPlainView(ExistingView view) {
    dropTriggers(view);
    session.withCatalogPath(() -> {
      session.execute("CREATE OR REPLACE VIEW " + view.name() + " AS " + view.query());
      return true;
    });
  }

  private void dropTriggers(ExistingView view) {
    session.execute("DROP TRIGGER IF EXISTS freshet_refuse_rows ON " + view.name());
    session.execute("DROP TRIGGER IF EXISTS freshet_refuse_statements ON " + view.name());
  }

  /// Rows are computed anew by PostgreSQL itself, with the owner's rights. Refused by PostgreSQL
  /// where something depends on the view.
  private void toMaterializedView(ExistingView view) {
    Dependents details = Dependents.of(session, view.name());
    details.refuseAny();
    session.execute("DROP VIEW " + view.name());
    session.withCatalogPath(() -> {
      session.execute(
          "CREATE MATERIALIZED VIEW %s AS %s WITH NO DATA".formatted(view.name(), view.query()));
      session.execute(
          "ALTER MATERIALIZED VIEW %s OWNER TO %s"
              .formatted(view.name(), Quote.name(view.owner())));
      view.indexes().forEach((name, text) -> index(view, name, text));
      details.details().forEach(session::execute);
      session.execute("REFRESH MATERIALIZED VIEW " + view.name());
      return true;
    });
  }

  /// Under the name that its file gave it.
  private void index(ExistingView view, String name, String definition) {
    boolean unique = definition.startsWith("UNIQUE ");
    session.execute(
        "CREATE %sINDEX %s ON %s USING %s"
            .formatted(
                unique ? "UNIQUE " : "",
                Quote.name(view.declaredName(name)),
                view.name(),
                unique ? definition.substring("UNIQUE ".length()) : definition));
  }
}
