package dev.freshet.engine.install;

import dev.freshet.ApplyOptions;
import dev.freshet.Cancellation;
import dev.freshet.Plan;
import dev.freshet.Progress;
import dev.freshet.ViewSource;
import dev.freshet.compiler.emit.ChangeLog;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.ViewOptions;
import dev.freshet.engine.catalog.Session;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

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

  /// Compares again and makes every change. A replaced view can change what its readers are, so the
  /// rest is compared anew after each.
  public void apply(
      List<ViewSource> sources, Progress.Listener listener, Cancellation cancellation) {
    Set<QualifiedName> replaced = new HashSet<>();
    List<Change> changes = new Planner(session, options).plan(sources);
    while (!changes.isEmpty()) {
      cancellation.throwIfCancelled();
      Change change = changes.getFirst();
      announce(change, listener);
      try (Cancellation.Registration _ = cancellation.onCancel(session::cancel)) {
        make(change);
      }
      changes =
          change instanceof Change.Replace && replaced.add(change.view())
              ? remaining(sources, replaced)
              : changes.subList(1, changes.size());
    }
  }

  private List<Change> remaining(List<ViewSource> sources, Set<QualifiedName> replaced) {
    return new Planner(session, options)
        .plan(sources).stream()
            .filter(
                change -> !(change instanceof Change.Replace && replaced.contains(change.view())))
            .toList();
  }

  private static void announce(Change change, Progress.Listener listener) {
    String phase = change.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    listener.onProgress(new Progress(change.view().sql(), phase, Optional.empty()));
  }

  private void make(Change change) {
    switch (change) {
      case Change.Create create ->
          capturing(
              create,
              create.declared(),
              Optional.empty(),
              increments -> Creator.create(session, create, options.origin(), increments));
      case Change.Replace replace ->
          RefreshLock.holding(
              session,
              replace.existing(),
              () ->
                  capturing(
                      replace,
                      replace.declared(),
                      Optional.of(replace.existing()),
                      increments ->
                          new Replacer(session, replace, options.origin(), increments).replace()));
      case Change.Alter alter ->
          capturing(
              alter,
              alter.declared(),
              Optional.of(alter.existing()),
              increments -> new Alterer(session, alter, options.origin(), increments).alter());
      case Change.Drop drop -> {
        session.inTransaction(() -> {
          Dropper.drop(session, drop.existing());
          return true;
        });
        Capture.release(session, ViewOptions.of(List.of()).publishing());
      }
    }
  }

  /// Makes a change in one transaction after the changes of its tables are captured.
  ///
  /// The content of an incremental view is computed under one snapshot, from which the next refresh
  /// goes on.
  private void capturing(
      Change change,
      DeclaredView declared,
      Optional<ExistingView> existing,
      Consumer<Optional<Increments>> work) {
    try {
      Optional<Increments> increments =
          Increments.prepare(session, declared, change.view(), owner(change));
      List<ChangeLog> logs = increments.map(Increments::logs).orElse(List.of());
      try (HeldWriters held =
          HeldWriters.of(session, logs, existing, declared.options().publishing())) {
        session.inTransaction(() -> {
          if (increments.isPresent()) {
            session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
          }
          work.accept(increments);
          held.notePassage();
          return true;
        });
      }
    } finally {
      Capture.release(session, declared.options().publishing());
    }
  }

  /// The role that owns the view once the change is made; empty for the one that makes it. What is
  /// replaced changes its owner later.
  private static Optional<String> owner(Change change) {
    return switch (change) {
      case Change.Create create -> Ownership.declared(create.declared());
      case Change.Replace replace -> Optional.of(replace.existing().owner());
      case Change.Alter alter -> Optional.of(alter.owner());
      case Change.Drop drop -> Optional.of(drop.existing().owner());
    };
  }
}
