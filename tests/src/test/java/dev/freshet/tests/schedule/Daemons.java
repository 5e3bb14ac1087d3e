package dev.freshet.tests.schedule;

import dev.freshet.engine.schedule.Backoff;
import dev.freshet.engine.schedule.Scheduler;
import dev.freshet.engine.schedule.SchedulerSettings;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;

/// Daemons that look and react faster than those of users.
final class Daemons {
  static final SchedulerSettings QUICK =
      new SchedulerSettings(
          4,
          Duration.ofMillis(100),
          Duration.ofMillis(150),
          Duration.ofMillis(500),
          Duration.ofMillis(300),
          new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1)));

  private Daemons() {}

  static Scheduler start(DataSource source, String name) {
    Scheduler scheduler = new Scheduler(source, QUICK, Clock.systemUTC(), name);
    scheduler.start();
    return scheduler;
  }
}
