package dev.freshet.engine.install;

import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.engine.catalog.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Gives a managed view another definition: everything is built beside the old one, which serves
/// until the new one takes its place in one short attempt.
///
/// Locks: the refresh lock of the view from the start; ACCESS EXCLUSIVE on the view, the old
/// storage and dependent views in bounded attempts at the end.
final class Replacer {
  private final Session session;
  private final DeclaredView declared;
  private ExistingView existing;
  private final String origin;
  private final Optional<Increments> increments;

  Replacer(Session session, Change.Replace change, String origin, Optional<Increments> increments) {
    this.session = session;
    this.declared = change.declared();
    this.existing = change.existing();
    this.origin = origin;
    this.increments = increments;
  }

  void replace() {
    existing = RefreshLock.take(session, existing);
    Ownership.actAs(session, existing.owner());
    int revision = existing.revision() + 1;
    ViewShape shape =
        ManagedObjects.create(
            session, declared, existing.name(), existing.id(), revision, increments);
    long refresh = FirstContent.begin(session, existing.id());
    boolean withData = declared.view().query().withData();
    long rows = withData ? FirstContent.compute(session, shape) : 0;
    register();
    if (withData) {
      FirstContent.noteWatermark(session, existing.id());
    }
    int generation = existing.generation() + 1;
    if (withData) {
      FirstContent.end(session, refresh, existing.id(), rows, "replaced");
    } else {
      session.update("DELETE FROM freshet.refresh_history WHERE id = ?", refresh);
    }
    CatalogRows.updateOptions(session, existing.id(), declared, origin);
    new Attempts(session, declared.options().publishing())
        .run(
            "replace materialized view " + existing.name(),
            () -> publish(shape, revision, generation, withData));
    session.one("SELECT freshet.leave_replaced()::text", row -> row.getString(1));
    Details.applyAll(session, declared, existing.name(), existing.id(), revision);
  }

  private void register() {
    increments.ifPresentOrElse(
        i -> i.register(session, existing.id()), () -> Capture.unregister(session, existing.id()));
  }

  private boolean publish(ViewShape shape, int revision, int generation, boolean withData) {
    String target = withData ? shape.object("_next") : shape.object("");
    if (fitsInPlace(shape)) {
      point(shape, target, withData ? generation : 0);
      RealTimeView.follow(session, shape, declared, target, withData ? generation : 0);
    } else {
      List<Dependents> dependents = dependents();
      dependents.forEach(Dependents::dropAll);
      Wrapper.create(session, shape);
      CatalogRows.relation(session, shape);
      point(shape, target, withData ? generation : 0);
      RealTimeView.follow(session, shape, declared, target, withData ? generation : 0);
      dependents.reversed().forEach(Dependents::createAll);
    }
    if (withData) {
      takeNames(shape, target);
    }
    CatalogRows.replace(session, shape, declared, revision);
    if (withData) {
      FirstContent.notePublished(session, existing.id());
    } else {
      session.update(
          "UPDATE freshet.materialized_views SET generation = generation + 1, as_of = NULL WHERE id = ?",
          existing.id());
      session.update("DELETE FROM freshet.contents WHERE view_id = ?", existing.id());
      session.update("DELETE FROM freshet.unlogged_contents WHERE view_id = ?", existing.id());
    }
    ManagedObjects.drop(session, existing);
    return true;
  }

  private void point(ViewShape shape, String storage, int generation) {
    session.one(
        "SELECT freshet.point_view(?, ?::regclass, ?, ?)::text",
        row -> row.getString(1),
        shape.storage().viewId(),
        storage,
        generation,
        shape.base());
  }

  /// Those of the view, then those of the view beside it that reads in real time.
  private List<Dependents> dependents() {
    List<Dependents> dependents = new ArrayList<>();
    dependents.add(Dependents.of(session, existing.name()));
    RealTimeView.of(session, existing.id())
        .ifPresent(name -> dependents.add(Dependents.of(session, name)));
    return dependents;
  }

  private void takeNames(ViewShape shape, String built) {
    String names =
        session.one(
            "SELECT freshet.index_names(?::regclass)::text",
            row -> row.getString(1),
            shape.object(""));
    session.execute("DROP TABLE " + shape.object(""));
    session.one(
        "SELECT freshet.take_over_names(?::regclass, ?, ?::name[])::text",
        row -> row.getString(1),
        built,
        shape.base(),
        names);
  }

  /// CREATE OR REPLACE VIEW can append columns, and nothing else.
  private boolean fitsInPlace(ViewShape shape) {
    return session.one(
        """
        SELECT count(*) = 0
        FROM pg_attribute o
        LEFT JOIN pg_attribute n ON n.attrelid = ?::regclass AND n.attnum = o.attnum
        WHERE o.attrelid = ?::regclass AND o.attnum > 0 AND NOT o.attisdropped
          AND (n.attname, n.atttypid, n.atttypmod, n.attcollation)
            IS DISTINCT FROM (o.attname, o.atttypid, o.atttypmod, o.attcollation)
        """,
        row -> row.getBoolean(1),
        shape.object(""),
        existing.name().sql());
  }
}
