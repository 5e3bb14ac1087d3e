package dev.freshet.engine.schedule;

import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A daemon: does on time what the views' schedules and the jobs of schema `cron` say, and the
/// refreshes of the [RefreshQueue]. Start reading here.
///
/// Any number of daemons may work on one database; each due time is taken by one of them. When a
/// daemon dies, others do its work again after four missed heartbeats: a refresh may so run twice,
/// which does no harm. Times that passed while no daemon ran are made up for by one run, at once,
/// however many they were; then the schedule goes on with its next time after now.
///
/// Give it a data source of its own: its connections keep a search path without the users' schemas.
public final class Scheduler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

  /// Time for the scheduling library to end its own threads.
  private static final Duration LIBRARY_STOP = Duration.ofSeconds(5);

  private final SchedulerSettings settings;
  private final Clock clock;
  private final RunningJobs running = new RunningJobs();
  private final RefreshQueue queue;
  private final Reconciler reconciler;
  private final com.github.kagkarlsson.scheduler.Scheduler library;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("reconcile").factory());
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Instant lastLook = Instant.EPOCH;

  /// Does nothing before [#start].
  ///
  /// @param name of this daemon, unlike that of any other, such as host name and process id
  public Scheduler(DataSource dataSource, SchedulerSettings settings, Clock clock, String name) {
    this.settings = settings;
    this.clock = clock;
    DataSource pinned = new PinnedPath(dataSource);
    Database database = new Database(pinned);
    this.queue = new RefreshQueue(database, this::lookSoon);
    this.reconciler = new Reconciler(database, queue, clock);
    this.library = library(pinned, name, tasks(Freshet.connect(pinned), database));
  }

  private List<Task<?>> tasks(Freshet freshet, Database database) {
    ScheduledViews views = new ScheduledViews(database);
    Refresher refresher = new Refresher(freshet, running);
    ViewRefresh refresh = new ViewRefresh(refresher, views, settings.backoff(), clock);
    RequestedRefresh requested = new RequestedRefresh(refresher, queue);
    CronRun cron = new CronRun(refresher, database, clock);
    return List.of(
        TaskKind.VIEW.task(refresh::run),
        TaskKind.REQUEST.task(requested::run),
        TaskKind.JOB.task(cron::run));
  }

  private com.github.kagkarlsson.scheduler.Scheduler library(
      DataSource dataSource, String name, List<Task<?>> tasks) {
    return com.github.kagkarlsson.scheduler.Scheduler.create(dataSource, tasks)
        .tableName("freshet.scheduled_tasks")
        .serializer(new Utf8())
        .schedulerName(new SchedulerName.Fixed(name))
        .clock(clock::instant)
        .threads(settings.jobs())
        .executorService(Executors.newVirtualThreadPerTaskExecutor())
        .pollUsingLockAndFetch(0.5, 1.0)
        .pollingInterval(settings.polling())
        .heartbeatInterval(settings.heartbeat())
        .missedHeartbeatsLimit(SchedulerSettings.MISSED_HEARTBEATS)
        .shutdownMaxWait(LIBRARY_STOP)
        .failureLogging(LogLevel.WARN, false)
        .build();
  }

  /// Begins to work; returns after a first look at the database.
  ///
  /// @throws FreshetException if the database cannot be reached
  public void start() {
    reconcile();
    library.start();
    long interval = settings.reconciling().toMillis();
    var _ = watch.scheduleWithFixedDelay(this::look, interval, interval, TimeUnit.MILLISECONDS);
  }

  /// Where refreshes in the background are asked for.
  public RefreshQueue queue() {
    return queue;
  }

  /// False if the daemon has not started, has stopped, or could not look at the database for a
  /// while.
  public boolean isAlive() {
    Duration silence = settings.reconciling().multipliedBy(3).plusSeconds(10);
    return library.getSchedulerState().isStarted()
        && !library.getSchedulerState().isShuttingDown()
        && lastLook.isAfter(clock.instant().minus(silence));
  }

  private void lookSoon() {
    watch.execute(this::look);
  }

  private void look() {
    try {
      reconcile();
    } catch (FreshetException e) {
      LOG.warn("could not look at the schedules: {}", e.problem().message());
    } catch (RuntimeException e) {
      LOG.error("could not look at the schedules", e);
    }
  }

  private void reconcile() {
    reconciler.reconcile(library);
    library.triggerCheckForDueExecutions();
    lastLook = clock.instant();
  }

  /// Begins nothing more, lets running refreshes go on for [SchedulerSettings#stopping], then
  /// cancels them on the server; what was cancelled is due at once for the next daemon.
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    watch.shutdownNow();
    library.pause();
    try {
      running.stop(settings.stopping());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    library.stop();
  }
}
