package dev.freshet.engine.install;

import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.ViewFile;
import dev.freshet.compiler.sql.ViewFiles;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.schema.Relations;
import java.util.List;
import java.util.Optional;

/// Makes a managed view of a native one, with its rows, indexes, owner, rights and comments. The
/// rows are copied, not computed anew.
///
/// Locks: ACCESS EXCLUSIVE on the native view from the drop to the commit, in bounded attempts.
public final class Conversion {
  private final Session session;

  public Conversion(Session session) {
    this.session = session;
  }

  /// Converts the view of this name, adopted or not.
  public void convert(String name) {
    session.inTransaction(() -> {
      convertNow(Relations.resolve(session, QualifiedName.parse(name)));
      return true;
    });
  }

  private void convertNow(QualifiedName view) {
    NativeView read = NativeView.read(session, view);
    Ownership.actAs(session, read.owner());
    DeclaredView declared =
        ViewFiles.declare(List.of(ViewFile.parse(view.name(), read.declaration()))).getFirst();
    int id = CatalogRows.nextId(session);
    ViewShape shape = ManagedObjects.create(session, declared, view, id, 1, Optional.empty());
    // Indexes are made after the copy, on full pages, which is what this empty table is for.
    session.execute(
        "CREATE TABLE %s WITH (%s) AS TABLE %s"
            .formatted(shape.object("_next"), shape.storage().parameters(), view));
    session.one(
        "SELECT freshet.copy_indexes(?::regclass, ?::regclass)::text",
        row -> row.getString(1),
        shape.object(""),
        shape.object("_next"));
    session.execute("ANALYZE " + shape.object("_next"));
    new Attempts(session, declared.options().publishing())
        .run("convert materialized view " + view, () -> replaceNative(view, shape));
    CatalogRows.insert(session, shape, declared, "adopt");
    long refresh = FirstContent.begin(session, id);
    FirstContent.publish(session, shape);
    long rows = session.one("SELECT count(*) FROM " + shape.object(""), row -> row.getLong(1));
    FirstContent.end(session, refresh, id, rows, "converted from a native materialized view");
    // The rows are as old as they were: copying them has made nothing fresher.
    CatalogRows.updateAsOf(session, id, refresh, read.asOf());
  }

  /// Plain views that read it are made again, just as they were.
  private boolean replaceNative(QualifiedName view, ViewShape shape) {
    Dependents dependents = Dependents.of(session, view);
    ExistingViews.all(session).values().stream()
        .filter(existing -> existing.name().equals(view))
        .forEach(existing -> {
          ManagedObjects.drop(session, existing);
          Dropper.forget(session, existing.id());
        });
    dependents.dropAll();
    Wrapper.create(session, shape);
    dependents.createAll();
    return true;
  }
}
