/// The daemon: refreshes views by their schedules and runs the jobs of schema `cron`. Reads
/// `freshet.views` and `cron.job`; keeps who is due in `freshet.scheduled_tasks` (db-scheduler) and
/// what came of it in `freshet.schedule_states`. Start at `Scheduler`.
@NullMarked
package dev.freshet.engine.schedule;

import org.jspecify.annotations.NullMarked;
