package dev.freshet.engine.install;

import dev.freshet.ApplyOptions;
import dev.freshet.ViewSource;
import dev.freshet.compiler.Compiled;
import dev.freshet.compiler.Compiler;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlText;
import dev.freshet.compiler.sql.ViewOptions.HiddenState;
import dev.freshet.engine.catalog.Migrations;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.schema.CatalogSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// Compiles views to be looked at. All that is created meanwhile is rolled back.
public final class Candidates {
  private final Session session;

  public Candidates(Session session) {
    this.session = session;
  }

  /// Compiles the views that a file declares, and looks at each while the tables and views that it
  /// reads exist. A view that cannot be read before another one has changed is left out.
  public <T> Map<QualifiedName, T> of(ViewSource source, Function<Candidate, T> look) {
    Map<QualifiedName, T> found = new LinkedHashMap<>();
    if (Migrations.installed(session) > 0) {
      new Planner(session, ApplyOptions.of(source.name()))
          .read(
              source,
              (name, view, canonical) ->
                  found.put(name, look.apply(candidate(name, view, canonical))));
    }
    return found;
  }

  private Candidate candidate(QualifiedName name, DeclaredView view, Canonical canonical) {
    return new Candidate(
        name,
        view.file().source(),
        view.view().query().span(),
        canonical.query(),
        compile(canonical.query(), view.options().hiddenState(), view.options().shards()));
  }

  /// Looks at a view that exists, with the rights of its owner.
  public <T> T of(int id, Function<Candidate, T> look) {
    return RolledBack.run(
        session,
        () -> {
          ExistingView view = ExistingViews.byId(session, id);
          String written =
              session.one(
                  "SELECT query FROM freshet.materialized_views WHERE id = ?",
                  row -> row.getString(1),
                  id);
          Ownership.actAs(session, view.owner());
          Candidate candidate =
              new Candidate(
                  view.name(),
                  SqlText.of(written),
                  new Span(0, written.length()),
                  view.query(),
                  compile(view.query(), view.hiddenState(), view.shards()));
          return look.apply(candidate);
        });
  }

  private Compiled compile(String query, HiddenState state, int shards) {
    return switch (Compiler.compile(query, new CatalogSchema(session), state)) {
      case Compiled.Incremental(var written, var script) when script.notShardable().isEmpty() ->
          new Compiled.Incremental(written, script.spread(shards));
      case Compiled other -> other;
    };
  }
}
