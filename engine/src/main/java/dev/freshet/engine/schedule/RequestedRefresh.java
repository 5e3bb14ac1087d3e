package dev.freshet.engine.schedule;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import dev.freshet.FreshetException;
import dev.freshet.RefreshReport;
import dev.freshet.RefreshRequest;
import java.util.Optional;

/// Does one refresh of the queue, once: who asked decides whether to ask again after a failure.
final class RequestedRefresh {
  private final Refresher refresher;
  private final RefreshQueue queue;

  RequestedRefresh(Refresher refresher, RefreshQueue queue) {
    this.refresher = refresher;
    this.queue = queue;
  }

  CompletionHandler<String> run(Execution due) {
    Optional<RefreshTicket> found = queue.find(Long.parseLong(due.getId()));
    if (found.isEmpty()) {
      return (done, task) -> task.stop();
    }
    RefreshTicket ticket = found.get();
    queue.noteStart(ticket.id());
    try {
      queue.noteSuccess(ticket.id(), refresh(ticket));
    } catch (FreshetException e) {
      if (refresher.running().cancelled()) {
        return (done, task) -> task.reschedule(done, due.executionTime);
      }
      queue.noteFailure(ticket.id(), e.problem());
    }
    return (done, task) -> task.stop();
  }

  private RefreshReport refresh(RefreshTicket ticket) {
    RefreshRequest plain = RefreshRequest.of(ticket.view()).withOrigin("api");
    RefreshRequest request = ticket.strategy().map(plain::with).orElse(plain);
    return refresher.refresh(request);
  }
}
