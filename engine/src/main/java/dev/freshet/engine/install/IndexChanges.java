package dev.freshet.engine.install;

import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.engine.catalog.Session;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Gives the storage of a view other indexes. New ones are built beside the old ones, which go at
/// the end, all in one short attempt.
final class IndexChanges {
  private final Session session;
  private final DeclaredView declared;
  private final ExistingView existing;

  /// By the name that each is to have: the statement that creates it under a given one.
  private final Map<String, UnaryOperator<String>> added = new LinkedHashMap<>();

  private final Set<String> dropped = new LinkedHashSet<>();

  IndexChanges(Session session, DeclaredView declared, ExistingView existing) {
    this.session = session;
    this.declared = declared;
    this.existing = existing;
  }

  /// An index of the declared ones.
  void add(String name) {
    int position = DeclaredIndexes.names(declared.indexes()).indexOf(name);
    QualifiedName storage = QualifiedName.parse(existing.object(""));
    added.put(
        existing.indexName(name), index -> declared.indexes().get(position).sql(index, storage));
  }

  void drop(String name) {
    dropped.add(name);
  }

  /// @param name of an index that exists
  /// @param creation the statement that creates it under a given name
  void replace(String name, UnaryOperator<String> creation) {
    added.put(name, creation);
    dropped.add(name);
  }

  /// Makes the changes that were noted.
  void make() {
    added.forEach((name, creation) ->
        session.execute(creation.apply(dropped.contains(name) ? nextName(name) : name)));
    if (!dropped.isEmpty()) {
      new Attempts(session, declared.options().publishing())
          .run("drop indexes of materialized view " + existing.name(), this::takePlaces);
    }
  }

  private boolean takePlaces() {
    dropped.forEach(
        name -> session.execute("DROP INDEX " + new QualifiedName("freshet_data", name).sql()));
    List<String> renamed = added.keySet().stream().filter(dropped::contains).toList();
    for (String name : renamed) {
      session.execute(
          "ALTER INDEX %s RENAME TO %s"
              .formatted(
                  new QualifiedName("freshet_data", nextName(name)).sql(), Quote.name(name)));
    }
    return true;
  }

  private String nextName(String index) {
    return session.one("SELECT freshet.next_name(?)", row -> row.getString(1), index);
  }
}
