package dev.freshet.engine.refresh;

import dev.freshet.FreshetException;
import dev.freshet.Progress;
import dev.freshet.engine.catalog.ServerErrors;
import dev.freshet.engine.catalog.Session;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Follows the steps of a running refresh: the driver procedures announce each one as a DEBUG
/// message that starts with `freshet: `.
final class Notices implements AutoCloseable {
  private static final String PREFIX = "freshet: ";
  private static final long LOOK_EVERY_MS = 50;

  private final Session session;
  private final Progress.Listener listener;
  private final Map<String, Duration> earlier = new HashMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private String view = "";
  private @Nullable SQLWarning last;
  private @Nullable Thread follower;

  private Notices(Session session, Progress.Listener listener) {
    this.session = session;
    this.listener = listener;
  }

  static Notices follow(Session session, Statement statement, Progress.Listener listener) {
    Notices notices = new Notices(session, listener);
    if (!listener.equals(Progress.Listener.NONE)) {
      notices.begin(statement);
    }
    return notices;
  }

  private void begin(Statement statement) {
    session.list(
        """
        SELECT v.view, extract(epoch FROM v.last_duration) * 1000
        FROM freshet.views v WHERE v.last_duration IS NOT NULL
        """,
        row -> earlier.put(row.getString(1), Duration.ofMillis(row.getLong(2))));
    session.execute("SET client_min_messages TO debug1");
    follower = Thread.ofVirtual().start(() -> look(statement));
  }

  private void look(Statement statement) {
    try {
      while (!ended.await(LOOK_EVERY_MS, TimeUnit.MILLISECONDS)) {
        report(statement);
      }
      report(statement); // what came since the last look
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      throw ServerErrors.translate(e);
    }
  }

  private void report(Statement statement) throws SQLException {
    SQLWarning warning = last == null ? statement.getWarnings() : last.getNextWarning();
    while (warning != null) {
      last = warning;
      String message = warning.getMessage();
      if (message != null && message.startsWith(PREFIX)) {
        listener.onProgress(progress(message.substring(PREFIX.length())));
      }
      warning = warning.getNextWarning();
    }
  }

  /// A message names a phase, and the view where it changes.
  private Progress progress(String message) {
    int blank = message.indexOf(' ');
    if (blank > 0) {
      view = message.substring(blank + 1);
    }
    String phase = blank < 0 ? message : message.substring(0, blank);
    return new Progress(view, phase, Optional.ofNullable(earlier.get(view)));
  }

  @Override
  public void close() {
    ended.countDown();
    if (follower != null) {
      try {
        follower.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      restoreMessages();
    }
  }

  private void restoreMessages() {
    try {
      session.execute("RESET client_min_messages");
    } catch (FreshetException e) {
      // The connection is gone; whatever broke it is reported by the call itself.
      if (!e.sqlState().startsWith("08") && !e.sqlState().startsWith("57P")) {
        throw e;
      }
    }
  }
}
