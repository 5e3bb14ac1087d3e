package dev.freshet.tests.crash;

import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.Progress;
import dev.freshet.RefreshReport;
import dev.freshet.RefreshRequest;
import dev.freshet.Strategy;
import dev.freshet.tests.fixture.LockWait;
import dev.freshet.tests.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postgresql.ds.PGSimpleDataSource;

/// A refresh on its own thread that is held in the middle by a lock: either while the view's query
/// runs, since that calls `gate()`, or while it wants to publish, since a reader is in the way.
final class HeldRefresh implements AutoCloseable {
  static final String SESSION = "refresher";

  /// Makes `gate()`, which waits for as long as [#atQuery] holds the lock.
  static final String GATE =
      """
      CREATE FUNCTION gate() RETURNS int LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN 1; END $$\
      """;

  private final Connection holder;
  private final Cancellation cancellation = new Cancellation();
  private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
  private final Future<List<RefreshReport>> refresh;

  private HeldRefresh(TestDatabase database, Connection holder, String view, Strategy strategy)
      throws SQLException {
    this.holder = holder;
    PGSimpleDataSource source = database.source();
    source.setApplicationName(SESSION);
    Freshet freshet = Freshet.connect(source);
    RefreshRequest request = RefreshRequest.of(view).with(strategy);
    this.refresh =
        thread.submit(() -> freshet.refresh(request, Progress.Listener.NONE, cancellation));
    try (Connection observer = database.connect()) {
      if (!LockWait.reached(observer, SESSION, () -> !refresh.isDone())) {
        throw new IllegalStateException("the refresh was not held: " + refresh);
      }
    }
  }

  /// Held while the query of the view runs.
  static HeldRefresh atQuery(TestDatabase database, String view, Strategy strategy)
      throws SQLException {
    return begin(database, view, strategy, "SELECT pg_advisory_lock(1)");
  }

  /// Held while it waits for a reader to end, with everything else done.
  static HeldRefresh atPublish(TestDatabase database, String view, Strategy strategy)
      throws SQLException {
    return begin(database, view, strategy, "BEGIN; SELECT count(*) FROM " + view);
  }

  private static HeldRefresh begin(
      TestDatabase database, String view, Strategy strategy, String lock) throws SQLException {
    Connection holder = database.connect();
    try (Statement statement = holder.createStatement()) {
      statement.execute(lock);
    }
    return new HeldRefresh(database, holder, view, strategy);
  }

  void cancel() {
    cancellation.cancel();
  }

  /// The error that it ended with.
  FreshetException failure() throws InterruptedException, TimeoutException {
    try {
      throw new AssertionError("the refresh succeeded: " + refresh.get(60, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FreshetException failure) {
        return failure;
      }
      throw new AssertionError("not a user's error", e);
    }
  }

  @Override
  public void close() {
    try {
      holder.abort(Runnable::run);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    thread.close();
  }
}
