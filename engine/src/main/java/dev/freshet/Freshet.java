package dev.freshet;

import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/// Materialized views that stay fresh, on one database. Start reading here.
///
/// Every method opens its own connection from the data source and closes it. Methods throw
/// [FreshetException]; a failure leaves the database as it was. Safe for use by many threads.
@SuppressWarnings("DoNotCallSuggester")
public final class Freshet implements AutoCloseable {
  private final DataSource dataSource;

  private Freshet(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /// Does not touch the database yet.
  public static Freshet connect(DataSource dataSource) {
    return new Freshet(dataSource);
  }

  /// Creates the catalog in schema `freshet`, or migrates an older one. Returns its version.
  public int install() {
    throw new UnsupportedOperationException("" + dataSource);
  }

  /// The rights that the connected role lacks to look after views in these schemas.
  public List<MissingGrant> check(List<String> schemas) {
    throw new UnsupportedOperationException();
  }

  /// Compares view files with the database; changes nothing.
  public Plan plan(List<ViewSource> sources, ApplyOptions options) {
    throw new UnsupportedOperationException();
  }

  /// Makes the database match the plan, view by view, each in one transaction.
  public List<View> apply(Plan plan, Progress.Listener listener, Cancellation cancellation) {
    throw new UnsupportedOperationException();
  }

  /// Creates what one view file declares: [#plan] and [#apply] in one call.
  public List<View> create(String viewSql) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /// All views, by name.
  public List<View> views() {
    throw new UnsupportedOperationException();
  }

  /// One view; empty if Freshet does not look after it.
  public Optional<View> view(String name) {
    throw new UnsupportedOperationException();
  }

  public Freshness freshness(String view) {
    throw new UnsupportedOperationException();
  }

  /// The latest refreshes of a view, newest first.
  public List<RefreshReport> history(String view, int limit) {
    throw new UnsupportedOperationException();
  }

  /// Compares the stored rows with the query in one snapshot; `heal` writes the rows that differ.
  public VerifyReport verify(String view, boolean heal) {
    throw new UnsupportedOperationException();
  }

  /// Explains a view that exists.
  ///
  /// @param analyze run the raw query and the read of the view, and show both plans side by side
  public Explanation explain(String view, boolean analyze) {
    throw new UnsupportedOperationException();
  }

  /// Explains the views that a file would create, without creating them.
  public List<Explanation> explain(ViewSource source, boolean analyze) {
    throw new UnsupportedOperationException();
  }

  /// Drops a view with all that Freshet made for it. Refused while other objects depend on it.
  public void drop(String view) {
    throw new UnsupportedOperationException();
  }

  /// Takes an existing native materialized view under management without rebuilding it.
  ///
  /// @param convert make it a managed one, keeping its rows, indexes, grants and comments
  public View adopt(String name, boolean convert) {
    throw new UnsupportedOperationException();
  }

  /// Removes every trace of Freshet from the database and keeps the users' data.
  public void uninstall(Removal removal) {
    throw new UnsupportedOperationException();
  }

  /// Frees what this object holds; the data source stays open.
  @Override
  public void close() {}
}
