package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.emit.StoredColumn;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.schema.Relations;
import dev.freshet.engine.schema.StorageReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Lets the server read declared views without keeping anything: temporary views and tables, and
/// for new views plain views under their own names so that others can refer to them. The caller
/// rolls back.
final class Canonicalizer {
  private final Session session;
  private final Set<QualifiedName> existing;
  private final Map<QualifiedName, Optional<Canonical>> read = new LinkedHashMap<>();

  /// @param existing the views that Freshet looks after already
  Canonicalizer(Session session, Set<QualifiedName> existing) {
    this.session = session;
    this.existing = existing;
  }

  /// The declared views by resolved name, readable ones first in an order that respects new names.
  /// Empty stands for a view that can only be read once another one has changed.
  Map<QualifiedName, Optional<Canonical>> read(Map<QualifiedName, DeclaredView> declared) {
    List<QualifiedName> waiting = new ArrayList<>(declared.keySet());
    while (!waiting.isEmpty()) {
      List<FreshetException> failures = new ArrayList<>();
      List<QualifiedName> tried = List.copyOf(waiting);
      for (QualifiedName name : tried) {
        try {
          DeclaredView view = java.util.Objects.requireNonNull(declared.get(name));
          read.put(name, Optional.of(session.inSavepoint(() -> readOne(name, view))));
          waiting.remove(name);
        } catch (FreshetException e) {
          failures.add(e);
        }
      }
      if (waiting.size() == tried.size()) {
        giveUp(waiting, failures);
        return read;
      }
    }
    return read;
  }

  /// Nothing more can be read: fine for views that exist and may read columns that are yet to come,
  /// an error for new ones.
  private void giveUp(List<QualifiedName> waiting, List<FreshetException> failures) {
    for (int i = 0; i < waiting.size(); i++) {
      boolean mayWait =
          existing.contains(waiting.get(i)) && read.keySet().stream().anyMatch(existing::contains);
      if (!mayWait || !failures.get(i).sqlState().equals("42703")) {
        throw Cycle.explain(waiting, failures.get(i));
      }
      read.put(waiting.get(i), Optional.empty());
    }
  }

  private Canonical readOne(QualifiedName name, DeclaredView view) {
    String scratch = "freshet_plan_" + read.size();
    String relation = existing.contains(name) ? "pg_temp." + scratch : name.sql();
    DefinitionView.create(
        session,
        view,
        existing.contains(name) ? "TEMPORARY VIEW" : "VIEW",
        existing.contains(name) ? scratch : relation);
    String table = scratch + "_storage";
    session.execute(
        "CREATE TEMPORARY TABLE %s AS SELECT * FROM %s WITH NO DATA".formatted(table, relation));
    Map<String, String> indexes = indexes(view, table);
    refuseEmpty(name, view, table);
    refuseReserved(view, table);
    Optional<IncrementScript> increment = Increments.compile(session, view, relation);
    return session.withCatalogPath(() ->
        new Canonical(
            DefinitionView.canonicalQuery(session, relation),
            StorageReader.columns(session, "pg_temp." + table),
            indexes,
            Relations.readBy(session, relation),
            increment));
  }

  private void refuseEmpty(QualifiedName name, DeclaredView view, String table) {
    boolean empty =
        session.one(
            "SELECT relnatts = 0 FROM pg_class WHERE oid = ?::regclass",
            row -> row.getBoolean(1),
            "pg_temp." + table);
    if (empty) {
      throw new FreshetException(
          Problem.of("0A000", "materialized view \"" + name.name() + "\" has no columns")
              .withHint("Select at least one.")
              .at(view.file().source().position(view.view().view().span())));
    }
  }

  private void refuseReserved(DeclaredView view, String table) {
    session
        .first(
            "SELECT attname FROM pg_attribute WHERE attrelid = ?::regclass AND starts_with(attname, ?)",
            row -> row.getString(1),
            "pg_temp." + table,
            StoredColumn.HIDDEN)
        .ifPresent(column -> {
          throw new FreshetException(
              Problem.of("42939", "column name \"" + column + "\" is reserved")
                  .withHint("Give the column a name that does not begin with freshet$.")
                  .at(view.file().source().position(view.view().view().span())));
        });
  }

  private Map<String, String> indexes(DeclaredView view, String table) {
    Map<String, String> indexes = new LinkedHashMap<>();
    List<String> names = DeclaredIndexes.names(view.indexes());
    for (int i = 0; i < names.size(); i++) {
      String name = table + "_" + i;
      session.execute(view.indexes().get(i).sql(name, QualifiedName.of(table)));
      indexes.put(names.get(i), Relations.indexDefinition(session, "pg_temp." + name));
    }
    return indexes;
  }
}
