package dev.freshet.engine.schedule;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.Progress;
import dev.freshet.RefreshRequest;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.ProblemText;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/// One run of a job of schema `cron`, with the rights of the job's owner.
///
/// A job of the daemon's own role may be any SQL. A job of another role may be one REFRESH
/// MATERIALIZED VIEW or one CALL freshet.refresh: it is read, the owner's right on the view is
/// checked, and the refresh is done; the text itself never runs. A failed run is not repeated before
/// its next time.
final class CronRun {
  private final Freshet freshet;
  private final Database database;
  private final CronJobs jobs;
  private final RunningJobs running;
  private final Clock clock;

  CronRun(Freshet freshet, Database database, RunningJobs running, Clock clock) {
    this.freshet = freshet;
    this.database = database;
    this.jobs = new CronJobs(database);
    this.running = running;
    this.clock = clock;
  }

  CompletionHandler<String> run(Execution due) {
    Optional<CronJob> found = jobs.find(Long.parseLong(due.getId()));
    if (found.isEmpty()) {
      return (done, task) -> task.stop();
    }
    CronJob job = found.get();
    perform(job, jobs.noteStart(job));
    if (running.cancelled()) {
      return (done, task) -> task.reschedule(done, due.executionTime);
    }
    Optional<Instant> next = ScheduleText.parsePgCron(job.schedule()).next(clock.instant());
    return (done, task) ->
        next.ifPresentOrElse(time -> task.reschedule(done, time, job.schedule()), task::stop);
  }

  private void perform(CronJob job, long run) {
    try {
      CronResult result = running.run(stop -> perform(job, stop));
      jobs.noteEnd(run, true, result.message(), result.pid().orElse(null));
    } catch (FreshetException e) {
      jobs.noteEnd(run, false, ProblemText.of(e.problem()), null);
    }
  }

  private CronResult perform(CronJob job, Cancellation stop) {
    CronOwner owner = new CronOwner(database, job.owner());
    return switch (CronCommand.parse(job.command())) {
      case CronCommand.Refresh refresh -> refresh(owner.target(refresh.view()), refresh, stop);
      case CronCommand.Other other when owner.isDaemon() ->
          new CronStatement(database, owner.searchPath()).run(job.command(), stop);
      case CronCommand.Other other -> throw refused(job, other);
    };
  }

  private CronResult refresh(CronTarget target, CronCommand.Refresh refresh, Cancellation stop) {
    if (!target.allowed()) {
      throw new FreshetException(
          Problem.of("42501", "must be owner of materialized view " + target.name()));
    }
    if (target.known() && refresh.withData()) {
      RefreshRequest request = refresh.request(target.name()).withOrigin("cron");
      freshet.refresh(request, Progress.Listener.NONE, stop);
      return CronResult.of("CALL");
    }
    if (!target.isMaterializedView() || refresh.isCall()) {
      throw notAView(target, refresh);
    }
    return new CronStatement(database, "pg_catalog").run(refresh.nativeStatement(target.name()), stop);
  }

  private static FreshetException notAView(CronTarget target, CronCommand.Refresh refresh) {
    Problem problem =
        refresh.withData()
            ? Problem.of("42809", target.name() + " is not a materialized view")
            : Problem.of("0A000", "cannot empty managed materialized view " + target.name());
    return new FreshetException(problem);
  }

  private static FreshetException refused(CronJob job, CronCommand.Other other) {
    return new FreshetException(
        Problem.of("42501", "a job of role \"" + job.owner() + "\" cannot run this command")
            .withDetail(other.reason())
            .withHint("Such a job may be one REFRESH MATERIALIZED VIEW or one CALL freshet.refresh."));
  }
}
