package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.emit.ScriptWriter;
import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.engine.catalog.Session;
import java.util.Optional;

/// Changes what stands around the query of a view, without a rebuild.
///
/// Locks: SHARE on the storage while an index is built (readers go on); ACCESS EXCLUSIVE on the
/// storage in bounded attempts to drop one.
final class Alterer {
  private final Session session;
  private final Change.Alter change;
  private final DeclaredView declared;
  private final ExistingView existing;
  private final String origin;
  private final Optional<Increments> increments;

  Alterer(Session session, Change.Alter change, String origin, Optional<Increments> increments) {
    this.session = session;
    this.change = change;
    this.declared = change.declared();
    this.existing = change.existing();
    this.origin = origin;
    this.increments = increments;
  }

  void alter() {
    RefreshLock.take(session, existing);
    boolean handedOver = isMoved() && handOver();
    change.details().forEach(this::moveOwner);
    Ownership.actAs(session, change.owner());
    CatalogRows.updateOptions(session, existing.id(), declared, origin);
    changeDetails();
    boolean current =
        isMoved() ? handedOver : bringUpToDate(declared.options().refresh().isImmediate());
    ManagedObjects.dropFunctions(session, existing.base());
    ViewShape shape =
        ShapeReader.read(session, declared, existing.name(), existing.id(), existing.base());
    session.execute(ScriptWriter.functions(shape));
    alterIncrements(shape);
    if (current) {
      FirstContent.noteWatermark(session, existing.id());
    }
    TopOffCheck.check(session, shape);
    Details.comments(declared, existing.name(), existing.id(), existing.revision())
        .forEach(session::execute);
  }

  private void changeDetails() {
    IndexChanges indexes = new IndexChanges(session, declared, existing);
    for (Change.Detail detail : change.details()) {
      switch (detail) {
        case Change.Detail.DropIndex(String name, String definition) -> indexes.drop(name);
        case Change.Detail.AddIndex(String name, String definition) -> indexes.add(name);
        case Change.Detail.Grant(String statement) -> session.execute(statement);
        case Change.Detail.Options(), Change.Detail.Comment _, Change.Detail.Owner _ -> {}
      }
    }
    increments.ifPresent(i -> i.changeLookup(session, existing.base(), indexes));
    indexes.make();
  }

  /// Where commits begin or cease to maintain the view, its content must be that of the snapshot of
  /// this transaction, from which others go on. True if it is.
  private boolean bringUpToDate(boolean immediate) {
    return session.one(
        "SELECT freshet.bring_up_to_date(?, ?)",
        row -> row.getBoolean(1),
        existing.id(),
        immediate);
  }

  private boolean isMoved() {
    return !change.owner().equals(existing.owner());
  }

  /// The logs of the new owner do not tell what waits in those of the old one. So the old one's
  /// functions apply that, and others go on from there. True if the content is that of the snapshot
  /// of this transaction.
  private boolean handOver() {
    if (increments.isEmpty() && !declared.options().refresh().isImmediate()) {
      return false;
    }
    String role = session.one("SELECT current_user", row -> row.getString(1));
    Ownership.actAs(session, existing.owner());
    boolean current = bringUpToDate(true);
    session.execute("SET LOCAL ROLE " + Quote.name(role));
    return current;
  }

  private void alterIncrements(ViewShape shape) {
    ManagedObjects.dropStaging(session, existing.base());
    boolean wasRealTime = "real-time".equals(existing.options().get("reads"));
    if (increments.isPresent()) {
      increments.get().createFunctions(session, shape);
      increments.get().register(session, existing.id());
    } else {
      Capture.unregister(session, existing.id());
    }
    if (declared.options().readsInRealTime() != wasRealTime) {
      attempt(() -> point(shape));
    }
    if (increments.isEmpty() || !increments.get().areRead(shape)) {
      attempt(() -> RealTimeView.drop(session, existing.id()));
      RealTimeView.dropFunction(session, existing.base());
    } else if (RealTimeView.of(session, existing.id()).isEmpty()) {
      RealTimeView.create(session, shape, declared, existing.object(""), existing.generation());
    }
  }

  private void attempt(Runnable work) {
    new Attempts(session, declared.options().publishing())
        .run(
            "alter materialized view " + existing.name(),
            () -> {
              work.run();
              return true;
            });
  }

  private void point(ViewShape shape) {
    session.one(
        "SELECT freshet.point_view(?, ?::regclass, ?, ?)::text",
        row -> row.getString(1),
        existing.id(),
        existing.object(""),
        existing.generation(),
        shape.base());
  }

  private void moveOwner(Change.Detail detail) {
    if (!(detail instanceof Change.Detail.Owner(String from, String to))) {
      return;
    }
    requireNoOtherAbove(to);
    session.execute("GRANT CREATE ON SCHEMA freshet_data TO " + Quote.name(to));
    session
        .list(
            """
            SELECT format('ALTER %s %s OWNER TO ', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, freshet.qualified(c.oid))
            FROM freshet.materialized_views m JOIN pg_class c ON c.oid IN (SELECT freshet.staging_named(m.base_name::text))
              OR c.oid IN (m.relation, m.definition, m.storage, m.real_time,
              to_regclass(format('freshet_data.%I', m.base_name || '_stored')), to_regclass(format('freshet_data.%I', m.base_name || '_ticket')))
            WHERE m.id = ?
            UNION ALL
            SELECT format('ALTER FUNCTION %s OWNER TO ', to_regprocedure(format('freshet_data.%I(uuid)', m.base_name || '_current')))
            FROM freshet.materialized_views m WHERE m.id = ? AND freshet.reads_changes(m.base_name::text)
            """,
            row -> row.getString(1), existing.id(), existing.id())
        .forEach(alter -> session.execute(alter + Quote.name(to)));
    ManagedObjects.dropFunctions(session, existing.base());
  }

  /// Transactions maintain views over views of one owner together.
  private void requireNoOtherAbove(String owner) {
    session
        .first(
            """
            SELECT freshet.qualified(v.relation) FROM freshet.materialized_views m JOIN freshet.change_logs l ON l.relation = m.storage AND l.immediate
            JOIN freshet.log_readers r ON r.log_id = l.id JOIN freshet.materialized_views v ON v.id = r.view_id
            WHERE m.id = ? AND l.owner <> ?::regrole ORDER BY 1 LIMIT 1
            """,
            row -> row.getString(1),
            existing.id(),
            Quote.name(owner))
        .ifPresent(above -> {
          throw new FreshetException(
              Problem.of("0A000", "the owner of " + existing.name() + " cannot change")
                  .withDetail(
                      "Commits maintain materialized view %s over it, which belongs to another role."
                          .formatted(above))
                  .withHint("Give that view another refresh strategy first."));
        });
  }
}
