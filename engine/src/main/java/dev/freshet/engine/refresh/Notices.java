package dev.freshet.engine.refresh;

import dev.freshet.Progress;
import dev.freshet.engine.catalog.ServerErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Follows the steps of a running refresh: the driver procedures announce each one as a DEBUG
/// message that starts with `freshet: `.
final class Notices implements AutoCloseable {
  private static final String PREFIX = "freshet: ";
  private static final long LOOK_EVERY_MS = 50;

  private final Connection connection;
  private final Progress.Listener listener;
  private final String view;
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable SQLWarning last;
  private @Nullable Thread follower;

  private Notices(Connection connection, Progress.Listener listener, String view) {
    this.connection = connection;
    this.listener = listener;
    this.view = view;
  }

  static Notices follow(
      Connection connection, Statement statement, Progress.Listener listener, String view)
      throws SQLException {
    Notices notices = new Notices(connection, listener, view);
    if (!listener.equals(Progress.Listener.NONE)) {
      setMessages(connection, "debug1");
      notices.follower = Thread.ofVirtual().start(() -> notices.look(statement));
    }
    return notices;
  }

  private void look(Statement statement) {
    try {
      while (!ended.await(LOOK_EVERY_MS, TimeUnit.MILLISECONDS)) {
        report(statement);
      }
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

  private Progress progress(String message) {
    int blank = message.indexOf(' ');
    return blank < 0
        ? new Progress(view, message, Optional.<Duration>empty())
        : new Progress(message.substring(blank + 1), message.substring(0, blank), Optional.empty());
  }

  @Override
  public void close() throws SQLException {
    ended.countDown();
    if (follower != null) {
      try {
        follower.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      setMessages(connection, "notice");
    }
  }

  private static void setMessages(Connection connection, String level) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET client_min_messages TO " + level);
    }
  }
}
