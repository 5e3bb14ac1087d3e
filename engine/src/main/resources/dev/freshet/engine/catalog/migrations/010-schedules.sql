-- What the daemon keeps: who is due, what came of it, and refreshes asked for over HTTP. Only the catalog's
-- owner and the roles it trusts run a daemon, so these tables have no grants.

CREATE TABLE freshet.scheduled_tasks (
  task_name text NOT NULL,
  task_instance text NOT NULL,
  task_data bytea,
  execution_time timestamptz NOT NULL,
  picked boolean NOT NULL,
  picked_by text,
  last_success timestamptz,
  last_failure timestamptz,
  consecutive_failures integer,
  last_heartbeat timestamptz,
  version bigint NOT NULL,
  priority smallint,
  PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_by_execution_time ON freshet.scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_by_last_heartbeat ON freshet.scheduled_tasks (last_heartbeat);
COMMENT ON TABLE freshet.scheduled_tasks IS 'Tasks of the daemons; the columns are those of the library db-scheduler';
COMMENT ON COLUMN freshet.scheduled_tasks.task_name IS 'refresh-view, requested-refresh or cron-job';
COMMENT ON COLUMN freshet.scheduled_tasks.task_instance IS 'Number of the view, of the request or of the job';
COMMENT ON COLUMN freshet.scheduled_tasks.task_data IS 'Schedule that the time was computed from, in UTF-8';
COMMENT ON COLUMN freshet.scheduled_tasks.execution_time IS 'When it is due';
COMMENT ON COLUMN freshet.scheduled_tasks.picked IS 'A daemon has begun it';
COMMENT ON COLUMN freshet.scheduled_tasks.picked_by IS 'Name of that daemon';
COMMENT ON COLUMN freshet.scheduled_tasks.last_success IS 'When it last ended well';
COMMENT ON COLUMN freshet.scheduled_tasks.last_failure IS 'When it last failed';
COMMENT ON COLUMN freshet.scheduled_tasks.consecutive_failures IS 'Failures since it last ended well';
COMMENT ON COLUMN freshet.scheduled_tasks.last_heartbeat IS 'Last sign of life of that daemon; others take over when several are missed';
COMMENT ON COLUMN freshet.scheduled_tasks.version IS 'Counts changes, so that two daemons never begin the same task';
COMMENT ON COLUMN freshet.scheduled_tasks.priority IS 'Not used';

CREATE TABLE freshet.schedule_states (
  view_id integer PRIMARY KEY REFERENCES freshet.materialized_views ON DELETE CASCADE,
  attempts integer NOT NULL DEFAULT 0,
  sql_state text,
  error text,
  failed_at timestamptz,
  upstream_as_of timestamptz,
  refusal text
);
COMMENT ON TABLE freshet.schedule_states IS 'How the latest runs of a view''s schedule went';
COMMENT ON COLUMN freshet.schedule_states.view_id IS 'The view';
COMMENT ON COLUMN freshet.schedule_states.attempts IS 'Attempts that failed since the last success; 0 after a success and at each new due time';
COMMENT ON COLUMN freshet.schedule_states.sql_state IS 'Error code of the last attempt that failed, until one succeeds';
COMMENT ON COLUMN freshet.schedule_states.error IS 'Its message';
COMMENT ON COLUMN freshet.schedule_states.failed_at IS 'When it failed';
COMMENT ON COLUMN freshet.schedule_states.upstream_as_of IS 'For after upstream: content of the newest source that a run has dealt with';
COMMENT ON COLUMN freshet.schedule_states.refusal IS 'Why the schedule cannot be followed at all';

CREATE TABLE freshet.refresh_requests (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  view_id integer NOT NULL REFERENCES freshet.materialized_views ON DELETE CASCADE,
  strategy text,
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'succeeded', 'failed')),
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  refresh_id bigint,
  sql_state text,
  error text,
  detail text,
  hint text
);
CREATE UNIQUE INDEX refresh_requests_queued ON freshet.refresh_requests (view_id) WHERE status = 'queued';
CREATE INDEX refresh_requests_by_finished_at ON freshet.refresh_requests (finished_at);
COMMENT ON TABLE freshet.refresh_requests IS 'Refreshes that were asked for over HTTP; kept for a week after their end';
COMMENT ON COLUMN freshet.refresh_requests.id IS 'Number in the address of the request';
COMMENT ON COLUMN freshet.refresh_requests.view_id IS 'The view; at most one request for each view is queued';
COMMENT ON COLUMN freshet.refresh_requests.strategy IS 'Strategy instead of the one in the options';
COMMENT ON COLUMN freshet.refresh_requests.status IS 'How far it is';
COMMENT ON COLUMN freshet.refresh_requests.requested_at IS 'When it was asked for';
COMMENT ON COLUMN freshet.refresh_requests.started_at IS 'When a daemon began it';
COMMENT ON COLUMN freshet.refresh_requests.finished_at IS 'When it ended';
COMMENT ON COLUMN freshet.refresh_requests.refresh_id IS 'Number in the history of the refresh that answered it';
COMMENT ON COLUMN freshet.refresh_requests.sql_state IS 'Error code, if it failed';
COMMENT ON COLUMN freshet.refresh_requests.error IS 'Its message';
COMMENT ON COLUMN freshet.refresh_requests.detail IS 'Its detail';
COMMENT ON COLUMN freshet.refresh_requests.hint IS 'Its hint';

CREATE VIEW freshet.schedules AS
SELECT m.id, freshet.qualified(m.relation) AS view, m.options ->> 'schedule' AS schedule,
  coalesce(m.options ->> 'time_zone', 'UTC') AS time_zone,
  t.execution_time AS next_run_at, coalesce(t.picked, false) AS running,
  coalesce(s.attempts, 0) AS attempts, r.retries,
  CASE WHEN freshet.owns(m.relation) THEN s.error END AS last_error, s.failed_at AS last_failed_at,
  CASE
    WHEN s.refusal IS NOT NULL THEN s.refusal
    WHEN t.picked THEN format('running on daemon %s', t.picked_by)
    WHEN s.attempts > r.retries AND NOT u.after_upstream
      THEN format('gave up after %s attempts; waits for the next time of the schedule', s.attempts)
    WHEN s.attempts BETWEEN 1 AND r.retries THEN format('attempt %s of %s failed; tries again', s.attempts, r.retries + 1)
    WHEN u.after_upstream AND t.task_instance IS NULL AND u.sources IS NULL THEN 'reads no materialized view'
    WHEN u.after_upstream AND t.task_instance IS NULL AND u.failed IS NOT NULL THEN format('source %s failed', u.failed)
    WHEN u.after_upstream AND t.task_instance IS NULL AND s.attempts > r.retries
      THEN format('gave up after %s attempts; waits for a refresh of %s', s.attempts, u.sources)
    WHEN u.after_upstream AND t.task_instance IS NULL THEN format('waits for a refresh of %s', u.sources)
    WHEN t.task_instance IS NULL OR t.execution_time < clock_timestamp() - interval '1 minute'
      THEN 'no daemon took it; start one with freshet serve'
    ELSE 'waits for the next time of the schedule'
  END AS waiting
FROM freshet.materialized_views m
CROSS JOIN LATERAL (
  SELECT CASE WHEN m.options ->> 'retries' ~ '^[0-9]{1,6}$' THEN (m.options ->> 'retries')::integer ELSE 3 END AS retries
) r
LEFT JOIN freshet.schedule_states s ON s.view_id = m.id
LEFT JOIN freshet.scheduled_tasks t ON t.task_name = 'refresh-view' AND t.task_instance = m.id::text
CROSS JOIN LATERAL (
  SELECT lower(m.options ->> 'schedule') ~ '^\s*after\s+upstream\s*$' AS after_upstream,
    string_agg(freshet.qualified(source.relation), ', ' ORDER BY source.id) AS sources,
    string_agg(freshet.qualified(source.relation), ', ' ORDER BY source.id) FILTER (WHERE (
      SELECT h.outcome IN ('failed', 'lost', 'skipped') FROM freshet.refresh_history h
      WHERE h.view_id = source.id AND h.outcome <> 'running' ORDER BY h.id DESC LIMIT 1)) AS failed
  FROM freshet.relations_read(m.definition) r JOIN freshet.materialized_views source ON source.id = r.view_id
) u
WHERE m.options ->> 'schedule' IS NOT NULL AND EXISTS (SELECT FROM pg_class c WHERE c.oid = m.relation);
COMMENT ON VIEW freshet.schedules IS 'When each view with a schedule is refreshed next, and what it waits for';

GRANT SELECT ON freshet.schedules TO PUBLIC;
