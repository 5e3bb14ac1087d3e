package dev.freshet.engine.schedule;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import dev.freshet.FreshetException;
import dev.freshet.RefreshRequest;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.Schedule;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of a view's schedule: refreshes the view, then decides when the next run is.
///
/// After a failure the view is tried again as often as option `retries` says, each time after a
/// longer wait; then the views after it are marked as skipped, and the next due time decides.
final class ViewRefresh {
  private static final Logger LOG = LoggerFactory.getLogger(ViewRefresh.class);

  private final Refresher refresher;
  private final ScheduledViews views;
  private final RunningJobs running;
  private final Backoff backoff;
  private final Clock clock;

  ViewRefresh(Refresher refresher, ScheduledViews views, Backoff backoff, Clock clock) {
    this.refresher = refresher;
    this.views = views;
    this.running = refresher.running();
    this.backoff = backoff;
    this.clock = clock;
  }

  CompletionHandler<String> run(Execution due) {
    Optional<ScheduledView> found = views.find(Integer.parseInt(due.getId()));
    if (found.isEmpty()) {
      return (done, task) -> task.stop();
    }
    ScheduledView view = found.get();
    Timing timing = view.timing();
    Optional<Problem> problem = refresh(view, timing);
    if (problem.isEmpty()) {
      views.noteSuccess(view);
      return next(view, timing.next(clock.instant()));
    }
    if (running.cancelled()) {
      return (done, task) -> task.reschedule(done, due.executionTime);
    }
    return afterFailure(view, timing, problem.get());
  }

  private Optional<Problem> refresh(ScheduledView view, Timing timing) {
    boolean only = timing.schedule() instanceof Schedule.AfterUpstream;
    RefreshRequest request = RefreshRequest.of(view.name()).withOnly(only).withOrigin("schedule");
    try {
      refresher.refresh(request);
      return Optional.empty();
    } catch (FreshetException e) {
      return Optional.of(e.problem());
    }
  }

  private CompletionHandler<String> afterFailure(
      ScheduledView view, Timing timing, Problem problem) {
    int attempts = view.isFresh() ? 1 : view.attempts() + 1;
    LOG.warn(
        "attempt {} of {} to refresh {} failed: {}",
        attempts,
        view.retries() + 1,
        view.name(),
        problem.message());
    views.noteFailure(view, attempts, problem);
    if (attempts <= view.retries()) {
      return next(view, Optional.of(clock.instant().plus(backoff.after(attempts))));
    }
    views.skipDependents(view, problem);
    return next(view, timing.next(clock.instant()));
  }

  private static CompletionHandler<String> next(ScheduledView view, Optional<Instant> time) {
    return (ExecutionComplete done, ExecutionOperations<String> task) ->
        time.ifPresentOrElse(due -> task.reschedule(done, due, view.signature()), task::stop);
  }
}
