package dev.freshet;

import dev.freshet.compiler.Problem;
import dev.freshet.engine.catalog.Catalog;
import dev.freshet.engine.catalog.Migrations;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.explain.Explainer;
import dev.freshet.engine.explain.FileExplainer;
import dev.freshet.engine.install.Adoption;
import dev.freshet.engine.install.Applier;
import dev.freshet.engine.install.Conversion;
import dev.freshet.engine.install.Dropper;
import dev.freshet.engine.install.RightsCheck;
import dev.freshet.engine.install.Uninstaller;
import dev.freshet.engine.refresh.RefreshRun;
import dev.freshet.engine.refresh.Verification;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/// Materialized views that stay fresh, on one database. Start reading here.
///
/// Every method opens its own connection from the data source and closes it. Methods throw
/// [FreshetException]; a failure leaves the database as it was. Safe for use by many threads.
public final class Freshet {
  /// SQLSTATE of the refusal of a catalog that is not the one of this program.
  public static final String OTHER_CATALOG = Migrations.OTHER_CATALOG;

  private final DataSource dataSource;

  private Freshet(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /// Does not touch the database yet.
  public static Freshet connect(DataSource dataSource) {
    return new Freshet(dataSource);
  }

  /// Creates the catalog in schema `freshet`, or migrates an older one. Returns its version.
  ///
  /// @throws FreshetException [#OTHER_CATALOG] if a newer program or another build made it
  public int install() {
    return creating(() -> {
      try (Session session = Session.open(dataSource)) {
        return Migrations.install(session);
      }
    });
  }

  /// The rights that the connected role lacks to look after views in these schemas.
  public List<MissingGrant> check(List<String> schemas) {
    try (Session session = Session.open(dataSource)) {
      return new RightsCheck(session).run(schemas);
    }
  }

  /// Compares view files with the database; changes nothing.
  public Plan plan(List<ViewSource> sources, ApplyOptions options) {
    try (Session session = Session.open(dataSource)) {
      return new Applier(session, options).plan(sources);
    }
  }

  /// Makes the database match the plan's files, view by view, each in one transaction. What was
  /// done before a failure stays done.
  ///
  /// @return the views that the steps of the plan are about
  public List<View> apply(Plan plan, Progress.Listener listener, Cancellation cancellation) {
    return creating(() ->
        with(session -> {
          new Applier(session, plan.options()).apply(plan.sources(), listener, cancellation);
          return plan.steps().stream()
              .flatMap(step -> Catalog.view(session, step.view()).stream())
              .toList();
        }));
  }

  /// Creates what one view file declares: [#plan] and [#apply] in one call.
  public List<View> create(String viewSql) {
    Plan plan = plan(List.of(new ViewSource("view.sql", viewSql)), ApplyOptions.of("api"));
    return apply(plan, Progress.Listener.NONE, new Cancellation());
  }

  /// Refreshes with the defaults and waits for the end.
  public RefreshReport refresh(String view) {
    return refresh(RefreshRequest.of(view), Progress.Listener.NONE, new Cancellation()).getLast();
  }

  /// Refreshes and waits for the end. One report for each view that was refreshed or skipped, in
  /// the order of work. A view that failed among several has a report with its problem; the
  /// exception is thrown if one view was asked for and failed.
  public List<RefreshReport> refresh(
      RefreshRequest request, Progress.Listener listener, Cancellation cancellation) {
    return with(session -> new RefreshRun(session, request, listener, cancellation).run());
  }

  /// All views, by name.
  public List<View> views() {
    return with(Catalog::views);
  }

  /// One view; empty if Freshet does not look after it.
  public Optional<View> view(String name) {
    return with(session -> Catalog.view(session, name));
  }

  /// How old the content of a view is.
  public Freshness freshness(String view) {
    return with(session -> known(session, view).freshness());
  }

  /// The latest refreshes of a view, newest first.
  public List<RefreshReport> history(String view, int limit) {
    return with(session -> Catalog.history(session, Catalog.idOf(session, view), limit));
  }

  /// Compares the stored rows with the query in one snapshot; `heal` writes the rows that differ.
  public VerifyReport verify(String view, boolean heal) {
    VerifyReport report =
        with(session -> Verification.verify(session, Catalog.idOf(session, view)));
    if (!heal || report.equal()) {
      return report;
    }
    RefreshRequest mend = RefreshRequest.of(view).with(Strategy.CONCURRENT).withOnly(true);
    RefreshReport healed = refresh(mend, Progress.Listener.NONE, new Cancellation()).getLast();
    return report.healedBy(healed);
  }

  /// Explains a view that exists.
  ///
  /// @param analyze run the raw query and the read of the view, and show both plans
  public Explanation explain(String view, boolean analyze) {
    return with(session -> new Explainer(session).explain(known(session, view), analyze));
  }

  /// One stage of the way to the SQL that keeps a view fresh.
  public Explanation explain(String view, ExplainStage stage) {
    return with(session -> new Explainer(session).stage(known(session, view), stage));
  }

  /// The same of the views that a file declares, whether they exist or not.
  public List<Explanation> explain(ViewSource source, ExplainStage stage) {
    return with(session -> new FileExplainer(session).stage(source, stage));
  }

  /// Explains the views that a file would create, without creating them.
  public List<Explanation> explain(ViewSource source, boolean analyze) {
    try (Session session = Session.open(dataSource)) {
      return new FileExplainer(session).explain(source, analyze);
    }
  }

  /// Drops a view with all that Freshet made for it. Refused while other objects depend on it.
  public void drop(String view) {
    with(session -> {
      Dropper.drop(session, view);
      return true;
    });
  }

  /// Takes an existing native materialized view under management without rebuilding it.
  ///
  /// @param convert make it a managed one, keeping its rows, indexes, grants and comments
  public View adopt(String name, boolean convert) {
    return with(session -> {
      if (convert) {
        new Conversion(session).convert(name);
      } else {
        new Adoption(session).adopt(name);
      }
      return known(session, name);
    });
  }

  /// Removes every trace of Freshet from the database and keeps the users' data.
  public void uninstall(Removal removal) {
    with(session -> {
      new Uninstaller(session).uninstall(removal);
      return true;
    });
  }

  private <T> T with(Function<Session, T> work) {
    try (Session session = Session.open(dataSource)) {
      Migrations.require(session);
      return work.apply(session);
    }
  }

  /// Work for which a role needs rights that it may lack: then the error says how to grant them.
  private <T> T creating(Supplier<T> work) {
    try {
      return work.get();
    } catch (FreshetException e) {
      Problem problem = e.problem();
      if (!problem.sqlState().equals("42501") || problem.hint() != null) {
        throw e;
      }
      String grants = grants();
      throw grants.isEmpty()
          ? e
          : new FreshetException(
              problem.withHint(
                  "The role lacks rights, which an administrator can grant: " + grants),
              e.getCause());
    }
  }

  /// What [#check] finds missing; nothing if it fails itself, which would hide the first error.
  private String grants() {
    try {
      return check(List.of()).stream()
          .map(MissingGrant::statement)
          .collect(Collectors.joining("; "));
    } catch (FreshetException e) {
      return "";
    }
  }

  private static View known(Session session, String view) {
    Catalog.idOf(session, view);
    return Catalog.view(session, view).orElseThrow();
  }
}
