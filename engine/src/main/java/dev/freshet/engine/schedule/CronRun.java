package dev.freshet.engine.schedule;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import dev.freshet.FreshetException;
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
/// checked, and the refresh is done; the text itself never runs. A failed run is not repeated
/// before its next time.
final class CronRun {
  private final Refresher refresher;
  private final Database database;
  private final CronJobs jobs;
  private final RunningJobs running;
  private final Clock clock;

  CronRun(Refresher refresher, Database database, Clock clock) {
    this.refresher = refresher;
    this.database = database;
    this.jobs = new CronJobs(database);
    this.running = refresher.running();
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
    Optional<Instant> next = Timing.parsePgCron(job.schedule()).next(clock.instant());
    return (done, task) ->
        next.ifPresentOrElse(time -> task.reschedule(done, time, job.schedule()), task::stop);
  }

  private void perform(CronJob job, long run) {
    try {
      CronResult result = perform(job);
      jobs.noteEnd(run, true, result.message(), result.pid().orElse(null));
    } catch (FreshetException e) {
      jobs.noteEnd(run, false, ProblemText.of(e.problem()), null);
    }
  }

  private CronResult perform(CronJob job) {
    CronOwner owner = new CronOwner(database, job.owner());
    return switch (CronCommand.parse(job.command())) {
      case CronCommand.Native refresh -> refresh(allowed(owner, refresh.view()), refresh);
      case CronCommand.Call call -> {
        CronTarget target = allowed(owner, call.view());
        yield refresh(call.request(target.name()));
      }
      case CronCommand.Other _ when owner.isDaemon() ->
          run(new CronStatement(database, owner.searchPath()), job.command());
      case CronCommand.Other(String reason) -> throw refused(job, reason);
    };
  }

  private static CronTarget allowed(CronOwner owner, String view) {
    CronTarget target = owner.target(view);
    if (!target.allowed()) {
      throw new FreshetException(
          Problem.of("42501", "must be owner of materialized view " + target.name()));
    }
    return target;
  }

  private CronResult refresh(CronTarget target, CronCommand.Native refresh) {
    if (target.known() && refresh.withData()) {
      return refresh(refresh.request(target.name()));
    }
    if (target.isMaterializedView()) {
      String statement = refresh.statement(target.name());
      return run(new CronStatement(database, "pg_catalog, pg_temp"), statement);
    }
    throw new FreshetException(
        target.known()
            ? Problem.of("0A000", "cannot empty managed materialized view " + target.name())
            : Problem.of("42809", target.name() + " is not a materialized view"));
  }

  private CronResult run(CronStatement statement, String sql) {
    return running.run(stop -> statement.run(sql, stop));
  }

  private CronResult refresh(RefreshRequest request) {
    refresher.refresh(request.withOrigin("cron"));
    return new CronResult("CALL", Optional.empty());
  }

  private static FreshetException refused(CronJob job, String reason) {
    return new FreshetException(
        Problem.of("42501", "a job of role \"" + job.owner() + "\" cannot run this command")
            .withDetail(reason)
            .withHint(
                "Such a job may be one REFRESH MATERIALIZED VIEW or one CALL freshet.refresh."));
  }
}
