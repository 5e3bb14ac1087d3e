package dev.freshet.engine.schedule;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.util.function.Function;

/// What daemons do, by the names in `freshet.scheduled_tasks`.
enum TaskKind {
  VIEW("refresh-view"),
  REQUEST("requested-refresh"),
  JOB("cron-job");

  /// Wait after a run that ended without a decision, as when the database went away.
  private static final Duration AFTER_ACCIDENT = Duration.ofSeconds(10);

  private final String taskName;

  TaskKind(String taskName) {
    this.taskName = taskName;
  }

  TaskDescriptor<String> descriptor() {
    return TaskDescriptor.of(taskName, String.class);
  }

  /// A run that its daemon did not finish is done again by another.
  Task<String> task(Function<Execution, CompletionHandler<String>> run) {
    return Tasks.custom(descriptor())
        .onDeadExecutionRevive()
        .onFailure((done, task) -> task.reschedule(done, done.getTimeDone().plus(AFTER_ACCIDENT)))
        .execute((instance, context) -> run.apply(context.getExecution()));
  }
}
