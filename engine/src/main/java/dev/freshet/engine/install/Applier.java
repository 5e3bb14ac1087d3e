package dev.freshet.engine.install;

import dev.freshet.ApplyOptions;
import dev.freshet.Cancellation;
import dev.freshet.Plan;
import dev.freshet.Progress;
import dev.freshet.ViewSource;
import dev.freshet.engine.catalog.Session;
import java.util.List;
import java.util.Optional;

/// Makes changes, each in one transaction: what fails leaves its view as it was.
public final class Applier {
  private final Session session;
  private final ApplyOptions options;

  public Applier(Session session, ApplyOptions options) {
    this.session = session;
    this.options = options;
  }

  /// The changes as people see them.
  public Plan plan(List<ViewSource> sources) {
    List<Plan.Step> steps =
        new Planner(session, options)
            .plan(sources).stream().map(change -> PlanText.step(session, change)).toList();
    return new Plan(steps, sources, options);
  }

  /// Compares again and makes every change. Returns the names of the views that are declared.
  public void apply(
      List<ViewSource> sources, Progress.Listener listener, Cancellation cancellation) {
    for (Change change : new Planner(session, options).plan(sources)) {
      if (cancellation.cancelled()) {
        return;
      }
      String phase = change.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
      listener.onProgress(new Progress(change.view().sql(), phase, Optional.empty()));
      try (Cancellation.Registration _ = cancellation.onCancel(session::cancel)) {
        make(change);
      }
    }
  }

  private void make(Change change) {
    session.inTransaction(
        () -> {
          switch (change) {
            case Change.Create create -> Creator.create(session, create, options.origin());
            case Change.Replace replace ->
                new Replacer(session, replace, options.origin()).replace();
            case Change.Alter alter -> new Alterer(session, alter, options.origin()).alter();
            case Change.Drop drop -> Dropper.drop(session, drop.existing());
          }
          return true;
        });
  }
}
