package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.ViewOptions;
import dev.freshet.engine.catalog.Session;
import java.time.Duration;
import java.util.Set;

/// Runs DDL that readers or writers could stand in the way of: in bounded attempts, each of which
/// waits for its locks no longer than they may be made to wait.
final class Attempts {
  private static final Set<String> BUSY = Set.of("55P03", "40P01");

  private final Session session;
  private final ViewOptions.Publishing publishing;
  private final Holders holders;

  /// Who can be in the way, and what helps.
  private enum Holders {
    READERS("readers", ""),
    WRITERS(
        "writers or an autovacuum",
        " An autovacuum gives way to those that wait longer than deadlock_timeout: freshet.lock_timeout.");

    private final String names;
    private final String help;

    Holders(String names, String help) {
      this.names = names;
      this.help = help;
    }
  }

  /// For DDL that readers hold up.
  Attempts(Session session, ViewOptions.Publishing publishing) {
    this(session, publishing, Holders.READERS);
  }

  private Attempts(Session session, ViewOptions.Publishing publishing, Holders holders) {
    this.session = session;
    this.publishing = publishing;
    this.holders = holders;
  }

  /// For DDL that writers hold up.
  static Attempts amongWriters(Session session, ViewOptions.Publishing publishing) {
    return new Attempts(session, publishing, Holders.WRITERS);
  }

  /// Runs the work in a savepoint until it gets its locks.
  <T> T run(String what, Session.Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return session.inSavepoint(() -> {
          session.localSetting("lock_timeout", publishing.lockTimeout().toMillis() + "ms");
          T done = work.run();
          session.localSetting("lock_timeout", "0");
          return done;
        });
      } catch (FreshetException e) {
        if (!BUSY.contains(e.sqlState())) {
          throw e;
        }
        if (attempt >= publishing.lockAttempts()) {
          throw busy(what, attempt, e);
        }
      }
      pause();
    }
  }

  /// Tries until the work says that it is done; false if it never did. Each try is a transaction of
  /// its own.
  boolean until(Session.Work<Boolean> work) {
    for (int attempt = 1; attempt <= publishing.lockAttempts(); attempt++) {
      if (session.inTransaction(work)) {
        return true;
      }
      pause();
    }
    return false;
  }

  private void pause() {
    Duration shortest = publishing.delay().shortest();
    Duration spread = publishing.delay().longest().minus(shortest);
    session.one(
        "SELECT pg_sleep((? + ? * random()) / 1000)::text",
        row -> row.getString(1),
        shortest.toMillis(),
        spread.toMillis());
  }

  private FreshetException busy(String what, int attempts, FreshetException cause) {
    return new FreshetException(
        Problem.of("55P03", "could not " + what)
            .withDetail("Its %s held it in all %d attempts.".formatted(holders.names, attempts))
            .withHint(
                "Try again when they have ended, or raise freshet.lock_attempts." + holders.help),
        cause);
  }
}
