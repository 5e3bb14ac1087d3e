-- Tables of the catalog. Anybody may write the rows of views that they own, and nobody others' rows:
-- row-level security asks PostgreSQL itself who owns a view, so no function here needs SECURITY DEFINER.

CREATE TABLE freshet.materialized_views (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('managed', 'native')),
  relation regclass NOT NULL UNIQUE,
  storage regclass NOT NULL,
  definition regclass NOT NULL,
  real_time regclass,
  base_name name NOT NULL UNIQUE CHECK (octet_length(base_name::text) <= 47),
  revision integer NOT NULL DEFAULT 1,
  generation integer NOT NULL DEFAULT 0,
  unlogged boolean NOT NULL DEFAULT false,
  options jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(options) = 'object'),
  query text NOT NULL,
  source_file text,
  origin text,
  as_of timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE freshet.materialized_views IS 'Every materialized view that Freshet looks after';
COMMENT ON COLUMN freshet.materialized_views.id IS 'Number of the view; part of the names of its objects in schema freshet_data';
COMMENT ON COLUMN freshet.materialized_views.kind IS 'managed: rows in a storage table under a plain view; native: a materialized view of PostgreSQL';
COMMENT ON COLUMN freshet.materialized_views.relation IS 'What the user reads: a plain view, or the native materialized view';
COMMENT ON COLUMN freshet.materialized_views.storage IS 'Table with the rows; for a native view an empty table that only carries the refresh lock';
COMMENT ON COLUMN freshet.materialized_views.definition IS 'Plain view of the query: it carries the dependencies and is what the content is compared with';
COMMENT ON COLUMN freshet.materialized_views.real_time IS 'Plain view beside it that reads the changes since its last refresh, too; only of incremental views';
COMMENT ON COLUMN freshet.materialized_views.base_name IS 'Start of the names of the storage and of the functions of the view';
COMMENT ON COLUMN freshet.materialized_views.revision IS 'Counts the definitions the view has had';
COMMENT ON COLUMN freshet.materialized_views.generation IS 'Counts the storages that were published; 0 means that the view was never populated';
COMMENT ON COLUMN freshet.materialized_views.unlogged IS 'The storage writes no WAL and is empty after a crash';
COMMENT ON COLUMN freshet.materialized_views.options IS 'Options of the view file, by name without the prefix freshet.';
COMMENT ON COLUMN freshet.materialized_views.query IS 'The query as its author wrote it';
COMMENT ON COLUMN freshet.materialized_views.source_file IS 'File that declares the view';
COMMENT ON COLUMN freshet.materialized_views.origin IS 'Directory or file that was applied; pruning drops only what the same one applied';
COMMENT ON COLUMN freshet.materialized_views.as_of IS 'The moment whose data the view shows';
COMMENT ON COLUMN freshet.materialized_views.created_at IS 'When Freshet began to look after the view';
COMMENT ON COLUMN freshet.materialized_views.applied_at IS 'When its file was last applied with a change';

CREATE TABLE freshet.contents (
  view_id integer PRIMARY KEY REFERENCES freshet.materialized_views ON DELETE CASCADE,
  generation integer NOT NULL
);
COMMENT ON TABLE freshet.contents IS 'Which generation of a view''s storage a snapshot may read: the row changes in the transaction that publishes';
COMMENT ON COLUMN freshet.contents.view_id IS 'The view';
COMMENT ON COLUMN freshet.contents.generation IS 'Generation of the storage that this snapshot sees';

CREATE UNLOGGED TABLE freshet.unlogged_contents (
  view_id integer PRIMARY KEY,
  generation integer NOT NULL
);
COMMENT ON TABLE freshet.unlogged_contents IS 'The same for unlogged storages: a crash empties both together';
COMMENT ON COLUMN freshet.unlogged_contents.view_id IS 'The view';
COMMENT ON COLUMN freshet.unlogged_contents.generation IS 'Generation of the storage that this snapshot sees';

CREATE TABLE freshet.refresh_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  view_id integer NOT NULL REFERENCES freshet.materialized_views ON DELETE CASCADE,
  requested text NOT NULL,
  strategy text,
  reason text NOT NULL DEFAULT '',
  outcome text NOT NULL DEFAULT 'running'
    CHECK (outcome IN ('running', 'succeeded', 'failed', 'skipped', 'lost')),
  origin text NOT NULL,
  requested_by name NOT NULL DEFAULT current_user,
  pid integer NOT NULL DEFAULT pg_backend_pid(),
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  as_of timestamptz,
  rows bigint NOT NULL DEFAULT 0,
  inserted bigint NOT NULL DEFAULT 0,
  updated bigint NOT NULL DEFAULT 0,
  deleted bigint NOT NULL DEFAULT 0,
  pending bigint,
  netted bigint,
  affected bigint,
  increment_estimate interval,
  query_estimate interval,
  given_up_after interval,
  wal_bytes bigint NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  lock_wait interval NOT NULL DEFAULT '0',
  sql_state text,
  error text,
  detail text,
  hint text
);
CREATE INDEX refresh_history_by_view ON freshet.refresh_history (view_id, id DESC);
CREATE INDEX refresh_history_by_strategy ON freshet.refresh_history (view_id, strategy, id DESC) WHERE outcome = 'succeeded';
CREATE INDEX refresh_history_running ON freshet.refresh_history (id) WHERE outcome = 'running';
COMMENT ON TABLE freshet.refresh_history IS 'Every refresh, running or ended; the latest thousand of each view are kept';
COMMENT ON COLUMN freshet.refresh_history.id IS 'Number of the refresh';
COMMENT ON COLUMN freshet.refresh_history.view_id IS 'The view';
COMMENT ON COLUMN freshet.refresh_history.requested IS 'Strategy that was asked for, by the caller or by the options';
COMMENT ON COLUMN freshet.refresh_history.strategy IS 'Strategy that did the work';
COMMENT ON COLUMN freshet.refresh_history.reason IS 'Why that strategy, and what fell back';
COMMENT ON COLUMN freshet.refresh_history.outcome IS 'lost: the session that ran it is gone and left no result';
COMMENT ON COLUMN freshet.refresh_history.origin IS 'Who asked: sql, manual, api, schedule, apply, cron';
COMMENT ON COLUMN freshet.refresh_history.requested_by IS 'Role that asked';
COMMENT ON COLUMN freshet.refresh_history.pid IS 'Server process that works on it';
COMMENT ON COLUMN freshet.refresh_history.started_at IS 'When it was asked for';
COMMENT ON COLUMN freshet.refresh_history.finished_at IS 'When it ended';
COMMENT ON COLUMN freshet.refresh_history.as_of IS 'When the snapshot was taken whose data it stored';
COMMENT ON COLUMN freshet.refresh_history.rows IS 'Rows in the view afterwards';
COMMENT ON COLUMN freshet.refresh_history.inserted IS 'Rows written anew';
COMMENT ON COLUMN freshet.refresh_history.updated IS 'Rows changed in place';
COMMENT ON COLUMN freshet.refresh_history.deleted IS 'Rows removed';
COMMENT ON COLUMN freshet.refresh_history.pending IS 'Rows captured since the refresh before; NULL where that was not counted';
COMMENT ON COLUMN freshet.refresh_history.netted IS 'What was left of them after changes that undo one another; NULL where that was not counted';
COMMENT ON COLUMN freshet.refresh_history.affected IS 'Keys, groups and rows that they touch, in all steps as far as these went; NULL where no step was taken';
COMMENT ON COLUMN freshet.refresh_history.increment_estimate IS 'What applying them was expected to take, by what was counted; NULL where too little is measured';
COMMENT ON COLUMN freshet.refresh_history.query_estimate IS 'What running the whole query was expected to take';
COMMENT ON COLUMN freshet.refresh_history.given_up_after IS 'How long changes were applied before another strategy took over; NULL if none did';
COMMENT ON COLUMN freshet.refresh_history.wal_bytes IS 'WAL that the whole server wrote meanwhile: an upper bound';
COMMENT ON COLUMN freshet.refresh_history.attempts IS 'Tries to publish a new storage';
COMMENT ON COLUMN freshet.refresh_history.lock_wait IS 'Time that these tries took';
COMMENT ON COLUMN freshet.refresh_history.sql_state IS 'Error code of a refresh that failed';
COMMENT ON COLUMN freshet.refresh_history.error IS 'Its message';
COMMENT ON COLUMN freshet.refresh_history.detail IS 'Its detail';
COMMENT ON COLUMN freshet.refresh_history.hint IS 'Its hint';

CREATE TABLE freshet.trusted_owners (
  role regrole PRIMARY KEY,
  trusted_by name NOT NULL DEFAULT current_user,
  trusted_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE freshet.trusted_owners IS 'Roles whose views a session with more rights may refresh; only the owner of the catalog adds them';
COMMENT ON COLUMN freshet.trusted_owners.role IS 'Owner of views';
COMMENT ON COLUMN freshet.trusted_owners.trusted_by IS 'Role that added it';
COMMENT ON COLUMN freshet.trusted_owners.trusted_at IS 'When it was added';

-- True if the current role may act as the owner of the relation, as native REFRESH asks.
CREATE FUNCTION freshet.owns(relation regclass) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.pg_has_role(c.relowner, 'USAGE') FROM pg_catalog.pg_class c WHERE c.oid OPERATOR(pg_catalog.=) relation
$$;

CREATE FUNCTION freshet.owns(view integer) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT freshet.owns(m.relation) FROM freshet.materialized_views m WHERE m.id OPERATOR(pg_catalog.=) view
$$;

ALTER TABLE freshet.materialized_views ENABLE ROW LEVEL SECURITY;
CREATE POLICY anybody_reads ON freshet.materialized_views FOR SELECT USING (true);
CREATE POLICY owner_writes ON freshet.materialized_views USING (coalesce(freshet.owns(relation), true))
  WITH CHECK (freshet.owns(relation) AND pg_catalog.has_schema_privilege('freshet_data', 'CREATE'));
ALTER TABLE freshet.contents ENABLE ROW LEVEL SECURITY;
CREATE POLICY anybody_reads ON freshet.contents FOR SELECT USING (true);
CREATE POLICY owner_writes ON freshet.contents USING (freshet.owns(view_id)) WITH CHECK (freshet.owns(view_id));
ALTER TABLE freshet.unlogged_contents ENABLE ROW LEVEL SECURITY;
CREATE POLICY anybody_reads ON freshet.unlogged_contents FOR SELECT USING (true);
CREATE POLICY owner_writes ON freshet.unlogged_contents USING (freshet.owns(view_id)) WITH CHECK (freshet.owns(view_id));
ALTER TABLE freshet.refresh_history ENABLE ROW LEVEL SECURITY;
CREATE POLICY owner_reads_and_writes ON freshet.refresh_history USING (freshet.owns(view_id)) WITH CHECK (freshet.owns(view_id));

GRANT USAGE ON SCHEMA freshet, freshet_data TO PUBLIC;
GRANT SELECT ON freshet.migrations, freshet.trusted_owners TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE
  ON freshet.materialized_views, freshet.contents, freshet.unlogged_contents, freshet.refresh_history TO PUBLIC;
GRANT USAGE ON SEQUENCE freshet.materialized_views_id_seq TO PUBLIC;
