package dev.freshet.engine.schedule;

import dev.freshet.compiler.Problem;
import dev.freshet.compiler.ProblemText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows of `cron.job` and `cron.job_run_details`.
final class CronJobs {
  private static final String ACTIVE =
      "SELECT j.jobid, j.schedule, j.command, j.username FROM cron.job j WHERE j.active";

  private final Database database;

  CronJobs(Database database) {
    this.database = database;
  }

  List<CronJob> active() {
    return database.list(ACTIVE + " ORDER BY j.jobid", CronJobs::read);
  }

  /// Empty if the job is gone or was switched off.
  Optional<CronJob> find(long id) {
    return database.first(ACTIVE + " AND j.jobid = ?", CronJobs::read, id);
  }

  private static CronJob read(ResultSet row) throws SQLException {
    return new CronJob(
        row.getLong("jobid"),
        row.getString("schedule"),
        row.getString("command"),
        row.getString("username"));
  }

  /// Notes that a run begins, and that earlier ones of this job which never ended are lost. Returns
  /// the number of the run.
  long noteStart(CronJob job) {
    return database
        .first(
            """
            WITH lost AS (
              UPDATE cron.job_run_details SET status = 'failed', end_time = clock_timestamp(),
                return_message = 'the daemon that ran it is gone'
              WHERE jobid = ? AND status = 'running'
            )
            INSERT INTO cron.job_run_details (jobid, database, username, command, status, start_time)
            VALUES (?, current_database(), ?, ?, 'running', clock_timestamp()) RETURNING runid
            """,
            row -> row.getLong("runid"),
            job.id(),
            job.id(),
            job.owner(),
            job.command())
        .orElseThrow();
  }

  void noteEnd(long run, boolean succeeded, String message, @Nullable Integer pid) {
    database.update(
        """
        UPDATE cron.job_run_details
        SET status = ?, return_message = ?, job_pid = ?, end_time = clock_timestamp() WHERE runid = ?
        """,
        succeeded ? "succeeded" : "failed",
        message,
        pid,
        run);
  }

  /// Notes once, as a failed run, why a job cannot be scheduled.
  void noteRefusal(CronJob job, Problem problem) {
    database.update(
        """
        INSERT INTO cron.job_run_details (jobid, database, username, command, status, return_message, start_time, end_time)
        SELECT j.jobid, j.database, j.username, j.command, 'failed', message, clock_timestamp(), clock_timestamp()
        FROM cron.job j CROSS JOIN (SELECT ?::text) problem (message)
        WHERE j.jobid = ? AND NOT EXISTS (
          SELECT FROM cron.job_run_details d WHERE d.jobid = j.jobid AND d.return_message = message)
        """,
        ProblemText.of(problem),
        job.id());
  }
}
