package dev.freshet.engine.install;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.emit.ChangeLog;
import dev.freshet.compiler.sql.ViewOptions;
import dev.freshet.engine.catalog.Session;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Keeps transactions that have changed a table from maintaining views by its log, while a view
/// begins or ceases to be one of those.
///
/// Who has maintained views and not committed yet is waited for, in bounded attempts; who comes
/// later waits. So a snapshot that is taken meanwhile sees all that was maintained, and nothing
/// else, and those who come later see the view as it is then.
///
/// Lock: exclusive advisory locks on the logs, held by the session.
final class HeldWriters implements AutoCloseable {
  private final Session session;
  private final List<Log> logs;

  private HeldWriters(Session session, List<Log> logs) {
    this.session = session;
    this.logs = logs;
  }

  /// @param owner the role whose views are maintained by it
  /// @param own whether the session may act as that role; views above may belong to others
  private record Log(int id, String owner, boolean own) {}

  /// Holds back whoever writes to these logs, or to those that a view reads as it is; whoever does
  /// so through views below, and those who maintain views above. Outside a transaction.
  static HeldWriters of(
      Session session,
      List<ChangeLog> logs,
      Optional<ExistingView> existing,
      ViewOptions.Publishing publishing) {
    List<Log> held =
        session.list(
            """
            SELECT l.id, pg_get_userbyid(l.owner), pg_has_role(l.owner, 'MEMBER') FROM freshet.change_logs l
            WHERE l.id = ANY (freshet.logs_below(ARRAY(SELECT n.id FROM freshet.change_logs n WHERE n.immediate AND n.log::text = ANY (?))
              || freshet.commit_logs(ARRAY[?])))
            ORDER BY l.id
            """,
            row -> new Log(row.getInt(1), row.getString(2), row.getBoolean(3)),
            logs.stream().map(ChangeLog::table).toArray(String[]::new),
            existing.map(ExistingView::id).orElse(0));
    boolean free =
        Attempts.amongWriters(session, publishing)
            .until(() ->
                session.one(
                    "SELECT freshet.hold_back(?::integer[])",
                    row -> row.getBoolean(1),
                    (Object) ids(held)));
    if (!free) {
      throw new FreshetException(
          Problem.of("55P03", "transactions that maintain materialized views did not end")
              .withHint("Try again when they have ended, or look for a prepared transaction."));
    }
    return new HeldWriters(session, held);
  }

  private static Integer[] ids(List<Log> logs) {
    return logs.stream().map(Log::id).toArray(Integer[]::new);
  }

  /// Makes transactions fail that began before this one commits, and would not see what it does.
  /// The logs of a view that changes its owner are those of both.
  void notePassage() {
    logs.stream()
        .filter(Log::own)
        .collect(Collectors.groupingBy(Log::owner, TreeMap::new, Collectors.toList()))
        .forEach((owner, own) -> {
          Ownership.actAs(session, owner);
          session.one(
              "SELECT freshet.note_passage(?::integer[])::text",
              row -> row.getString(1),
              (Object) ids(own));
        });
  }

  @Override
  public void close() {
    session.one(
        "SELECT count(pg_advisory_unlock(freshet.commit_lock_class(), l)) FROM unnest(?::integer[]) l",
        row -> row.getLong(1),
        (Object) ids(logs));
  }
}
