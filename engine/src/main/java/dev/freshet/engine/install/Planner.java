package dev.freshet.engine.install;

import dev.freshet.ApplyOptions;
import dev.freshet.FreshetException;
import dev.freshet.View;
import dev.freshet.ViewSource;
import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.ViewFile;
import dev.freshet.compiler.sql.ViewFiles;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.schema.Relations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Compares view files with the database. Everything that it creates to do so is rolled back.
public final class Planner {
  private final Session session;
  private final ApplyOptions options;

  public Planner(Session session, ApplyOptions options) {
    this.session = session;
    this.options = options;
  }

  /// The changes that make the database match the files, in the order in which they can be made.
  List<Change> plan(List<ViewSource> sources) {
    List<DeclaredView> declared = parse(sources);
    List<Change> changes = new ArrayList<>();
    RolledBack.run(
        session,
        () -> {
          changes.addAll(compare(resolve(declared)));
          return true;
        });
    return changes;
  }

  /// Something done with a declared view while the server knows it.
  interface Look {
    void at(QualifiedName name, DeclaredView view, Canonical canonical);
  }

  /// Looks at the views of a file that can be read as things are.
  void read(ViewSource source, Look look) {
    List<DeclaredView> declared = parse(List.of(source));
    RolledBack.run(
        session,
        () -> {
          Map<QualifiedName, DeclaredView> resolved = resolve(declared);
          new Canonicalizer(session, ExistingViews.all(session).keySet())
              .read(resolved)
              .forEach((name, read) ->
                  read.ifPresent(canonical ->
                      look.at(name, Objects.requireNonNull(resolved.get(name)), canonical)));
          return true;
        });
  }

  private static List<DeclaredView> parse(List<ViewSource> sources) {
    try {
      List<ViewFile> files =
          sources.stream().map(source -> ViewFile.parse(source.name(), source.text())).toList();
      List<DeclaredView> declared = ViewFiles.declare(files);
      declared.forEach(DeclaredView::options);
      return declared;
    } catch (CompileException e) {
      throw new FreshetException(e.problem(), e);
    }
  }

  private Map<QualifiedName, DeclaredView> resolve(List<DeclaredView> declared) {
    Map<QualifiedName, DeclaredView> resolved = new LinkedHashMap<>();
    for (DeclaredView view : declared) {
      QualifiedName name = Relations.resolve(session, view.name());
      refuseOwnSchema(name, view);
      if (resolved.put(name, view) != null) {
        throw refuse(view, "42P07", "materialized view \"" + name + "\" is created twice");
      }
    }
    return resolved;
  }

  private static void refuseOwnSchema(QualifiedName name, DeclaredView view) {
    if ("freshet".equals(name.schema()) || "freshet_data".equals(name.schema())) {
      throw refuse(view, "42501", "schema \"" + name.schema() + "\" belongs to Freshet itself");
    }
  }

  private static FreshetException refuse(DeclaredView view, String sqlState, String message) {
    return new FreshetException(
        Problem.of(sqlState, message).at(view.file().source().position(view.view().view().span())));
  }

  private List<Change> compare(Map<QualifiedName, DeclaredView> declared) {
    Map<QualifiedName, ExistingView> existing = ExistingViews.all(session);
    declared.forEach((name, view) -> refuseUnmanaged(name, view, existing));
    Map<QualifiedName, Optional<Canonical>> canonical =
        new Canonicalizer(session, existing.keySet()).read(declared);
    List<Change> changes = new ArrayList<>();
    for (QualifiedName name : Cycle.order(sources(canonical, existing.keySet()))) {
      DeclaredView view = declared.get(name);
      if (view == null) {
        continue;
      }
      Optional<Canonical> read = canonical.getOrDefault(name, Optional.empty());
      ExistingView known = existing.get(name);
      if (known == null) {
        changes.add(new Change.Create(name, view, read.orElseThrow()));
      } else {
        new Difference(session, view, known).find(read).ifPresent(changes::add);
      }
    }
    changes.addAll(prune(declared.keySet(), existing));
    return changes;
  }

  /// What each view reads: the declared ones as they will be, the others as they are.
  private Map<QualifiedName, Set<QualifiedName>> sources(
      Map<QualifiedName, Optional<Canonical>> canonical, Set<QualifiedName> existing) {
    Map<QualifiedName, Set<QualifiedName>> sources = new LinkedHashMap<>();
    canonical.forEach(
        (name, read) -> sources.put(name, parsed(read.map(Canonical::sources).orElse(Set.of()))));
    for (QualifiedName name : existing) {
      if (!sources.containsKey(name)) {
        sources.put(name, parsed(managedSources(name)));
      }
    }
    sources.values().forEach(names -> names.retainAll(sources.keySet()));
    sources.keySet().stream()
        .filter(name -> !existing.contains(name))
        .forEach(name -> sources.getOrDefault(name, Set.of()).remove(name));
    return sources;
  }

  private Set<String> managedSources(QualifiedName name) {
    return new LinkedHashSet<>(
        session.list("SELECT source FROM freshet.sources(?)", row -> row.getString(1), name.sql()));
  }

  private static Set<QualifiedName> parsed(Set<String> names) {
    return names.stream()
        .map(QualifiedName::parse)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void refuseUnmanaged(
      QualifiedName name, DeclaredView view, Map<QualifiedName, ExistingView> existing) {
    ExistingView known = existing.get(name);
    String kind =
        session
            .first(
                "SELECT relkind::text FROM pg_class WHERE oid = to_regclass(?)",
                row -> row.getString(1),
                name.sql())
            .orElse("");
    boolean nativeView = known != null && known.kind() == View.Kind.NATIVE;
    if (kind.isEmpty() || (known != null && !nativeView)) {
      return;
    }
    String hint =
        nativeView
            ? "It is adopted. Run freshet adopt --convert to make it a managed one."
            : kind.equals("m")
                ? "Run freshet adopt --convert to make it a managed one, or give the new view"
                    + " another name."
                : "Give the view another name, or rename what exists.";
    throw new FreshetException(
        Problem.of("42P07", "relation \"" + name.name() + "\" already exists")
            .withDetail("It is not a materialized view that a view file declares.")
            .withHint(hint)
            .at(view.file().source().position(view.view().view().span())));
  }

  private List<Change> prune(
      Set<QualifiedName> declared, Map<QualifiedName, ExistingView> existing) {
    if (!options.prune()) {
      return List.of();
    }
    return existing.values().stream()
        .filter(view -> options.origin().equals(view.origin()) && !declared.contains(view.name()))
        .toList()
        .reversed()
        .stream()
        .<Change>map(view -> new Change.Drop(view.name(), view))
        .toList();
  }
}
