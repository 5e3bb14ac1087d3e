package dev.freshet.engine.schedule;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the tasks of one kind in step with what should be done. Several daemons do so at once:
/// each change is made by whoever comes first, and the others find it made.
final class Timetable {
  private static final Logger LOG = LoggerFactory.getLogger(Timetable.class);

  private final SchedulerClient client;
  private final Database database;
  private final TaskDescriptor<String> kind;

  Timetable(SchedulerClient client, Database database, TaskDescriptor<String> kind) {
    this.client = client;
    this.database = database;
    this.kind = kind;
  }

  /// Something that should be done.
  ///
  /// @param id number of the view, request or job
  /// @param signature what the time follows from; a task with another one gets a new time
  /// @param due next time; empty if there is none for now
  record Entry(String id, String signature, Optional<Instant> due) {}

  private record Task(String id, boolean picked, String signature) {}

  /// Adds tasks that are missing, moves those whose schedule changed and removes what nobody wants.
  void follow(List<Entry> wanted) {
    Map<String, Task> tasks =
        tasks().stream().collect(Collectors.toMap(Task::id, Function.identity()));
    for (Entry entry : wanted) {
      Optional<Task> task = Optional.ofNullable(tasks.remove(entry.id()));
      task.ifPresentOrElse(found -> move(found, entry), () -> add(entry));
    }
    tasks.values().stream().filter(task -> !task.picked()).forEach(task -> remove(task.id()));
  }

  private List<Task> tasks() {
    return database.list(
        "SELECT task_instance, picked, task_data FROM freshet.scheduled_tasks WHERE task_name = ?",
        row ->
            new Task(
                row.getString("task_instance"),
                row.getBoolean("picked"),
                new String(row.getBytes("task_data"), StandardCharsets.UTF_8)),
        kind.getTaskName());
  }

  private void add(Entry entry) {
    entry
        .due()
        .ifPresent(due ->
            client.scheduleIfNotExists(
                kind.instance(entry.id()).data(entry.signature()).build(), due));
  }

  private void move(Task task, Entry entry) {
    if (task.picked() || task.signature().equals(entry.signature())) {
      return;
    }
    entry
        .due()
        .ifPresentOrElse(
            due -> change(id -> client.reschedule(id, due, entry.signature()), entry.id()),
            () -> remove(entry.id()));
  }

  private void remove(String id) {
    change(client::cancel, id);
  }

  /// A daemon may begin or end the task at the same moment; then the next look settles it.
  private void change(Consumer<TaskInstanceId> action, String id) {
    try {
      action.accept(kind.instanceId(id));
    } catch (TaskInstanceException e) {
      LOG.debug("task {} {} was taken up meanwhile", kind.getTaskName(), id, e);
    }
  }
}
