/// The daemon on a real PostgreSQL: schedules, retries, take-over, jobs of schema `cron`. Start at
/// `SchedulerTest`.
@NullMarked
package dev.freshet.tests.schedule;

import org.jspecify.annotations.NullMarked;
