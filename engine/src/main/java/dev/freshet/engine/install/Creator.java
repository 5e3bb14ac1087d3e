package dev.freshet.engine.install;

import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.engine.catalog.Session;
import java.util.Optional;

/// Creates a managed view in one transaction: objects, catalog row, rights, first content. Nobody
/// sees any of it before the commit, so publishing waits for no lock.
final class Creator {
  private Creator() {}

  static void create(
      Session session, Change.Create change, String origin, Optional<Increments> increments) {
    DeclaredView declared = change.declared();
    QualifiedName view = change.view();
    Ownership.actAs(session, declared);
    int id = CatalogRows.nextId(session);
    ViewShape shape = ManagedObjects.create(session, declared, view, id, 1, increments);
    Wrapper.create(session, shape);
    CatalogRows.insert(session, shape, declared, origin);
    RealTimeView.create(session, shape, declared, shape.object(""), 0);
    Details.applyAll(session, declared, view, id, 1);
    increments.ifPresent(i -> i.register(session, id));
    if (declared.view().query().withData()) {
      FirstContent.build(session, shape);
    }
  }
}
