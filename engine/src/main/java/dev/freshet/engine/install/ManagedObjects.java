package dev.freshet.engine.install;

import dev.freshet.compiler.emit.ScriptWriter;
import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Statement;
import dev.freshet.engine.catalog.Session;
import java.util.List;
import java.util.Optional;

/// Creates the objects of one definition of a managed view, apart from the view that users read:
/// definition view, empty storage with its indexes, functions. Takes no lock that anybody notices.
final class ManagedObjects {
  private ManagedObjects() {}

  /// @param increments empty if the view is not refreshed incrementally
  static ViewShape create(
      Session session,
      DeclaredView declared,
      QualifiedName view,
      int id,
      int revision,
      Optional<Increments> increments) {
    String base = ObjectNames.base(view.name(), id, revision);
    String storage = new QualifiedName("freshet_data", base).sql();
    String definition = new QualifiedName("freshet_data", base + "_query").sql();
    DefinitionView.create(session, declared, "VIEW", definition);
    String stored = increments.map(i -> i.createStored(session, base)).orElse(definition);
    session.execute(
        "CREATE %sTABLE %s WITH (%s) %s AS SELECT * FROM %s WITH NO DATA"
            .formatted(
                declared.options().unlogged() ? "UNLOGGED " : "",
                storage,
                ShapeReader.parameters(declared),
                ShapeReader.tablespace(declared),
                stored));
    List.of(definition, stored, storage).forEach(relation -> revokeDefaults(session, relation));
    createIndexes(session, declared.indexes(), storage, id, revision);
    increments.ifPresent(i -> i.createLookup(session, base));
    ViewShape shape = ShapeReader.read(session, declared, view, id, base);
    session.execute(ScriptWriter.functions(shape));
    increments.ifPresent(i -> i.createFunctions(session, shape));
    TopOffCheck.check(session, shape);
    return shape;
  }

  static void createIndexes(
      Session session, List<Statement.CreateIndex> indexes, String storage, int id, int revision) {
    for (int i = 0; i < indexes.size(); i++) {
      Statement.CreateIndex index = indexes.get(i);
      String name = ObjectNames.index(DeclaredIndexes.name(index, i), id, revision);
      session.execute(index.sql(name, QualifiedName.parse(storage)));
    }
  }

  private static void revokeDefaults(Session session, String relation) {
    session.one(
        "SELECT freshet.revoke_defaults(?::regclass)::text", row -> row.getString(1), relation);
  }

  /// Drops what [#create] made.
  static void drop(Session session, ExistingView view) {
    dropFunctions(session, view.base());
    RealTimeView.dropFunction(session, view.base());
    dropStaging(session, view.base());
    session.execute("DROP VIEW IF EXISTS " + view.object("_stored"));
    session.execute("DROP VIEW IF EXISTS " + view.object("_query"));
    session.execute("DROP TABLE IF EXISTS " + view.object(""));
  }

  /// The tables in which an incremental refresh keeps what it computes on the way.
  static void dropStaging(Session session, String base) {
    dropEach(
        session, "SELECT 'TABLE ' || freshet.qualified(t) FROM freshet.staging_named(?) t", base);
  }

  static void dropFunctions(Session session, String base) {
    dropEach(
        session,
        "SELECT 'FUNCTION ' || f.oid::regprocedure FROM freshet.functions_named(?) f",
        base);
  }

  private static void dropEach(Session session, String objects, String base) {
    session
        .list(objects, row -> row.getString(1), base)
        .forEach(object -> session.execute("DROP " + object));
  }
}
