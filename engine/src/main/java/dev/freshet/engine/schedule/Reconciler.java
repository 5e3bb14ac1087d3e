package dev.freshet.engine.schedule;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.Schedule;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.install.CronSchema;
import dev.freshet.engine.schedule.Timetable.Entry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Looks what should be done, by the options of the views, the requests and the jobs as they are
/// now, and makes the tasks follow.
final class Reconciler {
  private final Database database;
  private final ScheduledViews views;
  private final RefreshQueue queue;
  private final CronJobs jobs;
  private final Clock clock;

  Reconciler(Database database, RefreshQueue queue, Clock clock) {
    this.database = database;
    this.views = new ScheduledViews(database);
    this.queue = queue;
    this.jobs = new CronJobs(database);
    this.clock = clock;
  }

  void reconcile(SchedulerClient client) {
    Instant now = clock.instant();
    queue.deleteOld();
    follow(client, TaskKind.REQUEST, queue.open().stream().map(id -> request(id, now)));
    follow(client, TaskKind.VIEW, views.all().stream().flatMap(view -> view(view, now).stream()));
    follow(client, TaskKind.JOB, active().stream().flatMap(job -> job(job, now).stream()));
  }

  private void follow(SchedulerClient client, TaskKind kind, Stream<Entry> entries) {
    new Timetable(client, database, kind.descriptor()).follow(entries.toList());
  }

  private static Entry request(long id, Instant now) {
    return new Entry(String.valueOf(id), "now", Optional.of(now));
  }

  private Optional<Entry> view(ScheduledView view, Instant now) {
    try {
      Entry entry = entry(view, view.timing(), now);
      if (view.refused()) {
        views.noteRefusal(view, null);
      }
      return Optional.of(entry);
    } catch (FreshetException e) {
      views.noteRefusal(view, e.problem().message());
      return Optional.empty();
    }
  }

  private static Entry entry(ScheduledView view, Timing timing, Instant now) {
    Optional<Instant> due =
        timing.schedule() instanceof Schedule.AfterUpstream
            ? view.upstream().map(refreshed -> now)
            : Optional.of(timing.next(now).orElseThrow(() -> never(view.text())));
    return new Entry(String.valueOf(view.id()), view.signature(), due);
  }

  private List<CronJob> active() {
    try (Session session = Session.open(database.dataSource())) {
      boolean ours = new CronSchema(session).state() == CronSchema.State.INSTALLED;
      return ours && mayUseCron(session) ? jobs.active() : List.of();
    }
  }

  /// A daemon that works as a stranger to the schema leaves its jobs to others.
  private static boolean mayUseCron(Session session) {
    return session.one("SELECT has_schema_privilege('cron', 'USAGE')", row -> row.getBoolean(1));
  }

  private Optional<Entry> job(CronJob job, Instant now) {
    try {
      Instant due =
          Timing.parsePgCron(job.schedule()).next(now).orElseThrow(() -> never(job.schedule()));
      return Optional.of(new Entry(String.valueOf(job.id()), job.schedule(), Optional.of(due)));
    } catch (FreshetException e) {
      jobs.noteRefusal(job, e.problem());
      return Optional.empty();
    }
  }

  private static FreshetException never(String schedule) {
    return new FreshetException(
        Problem.of("22023", "no day matches the schedule \"" + schedule + "\""));
  }
}
