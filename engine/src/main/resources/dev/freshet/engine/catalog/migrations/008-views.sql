-- What people and programs read.

CREATE VIEW freshet.refreshes AS
SELECT h.id, freshet.qualified(m.relation) AS view, h.requested, h.strategy, h.reason,
  CASE WHEN h.outcome = 'running' AND NOT freshet.refreshing(h.view_id, h.pid) THEN 'lost' ELSE h.outcome END AS outcome,
  h.origin, h.requested_by, h.pid, h.started_at, h.finished_at, h.finished_at - h.started_at AS duration, h.as_of,
  h.rows, h.inserted, h.updated, h.deleted, h.pending, h.netted, h.wal_bytes, h.attempts, h.lock_wait,
  h.sql_state, h.error, h.detail, h.hint
FROM freshet.refresh_history h
JOIN freshet.materialized_views m ON m.id = h.view_id
WHERE freshet.owns(m.relation);
COMMENT ON VIEW freshet.refreshes IS 'History of the refreshes of the views that the current role may refresh';

CREATE VIEW freshet.views AS
SELECT m.id, freshet.qualified(m.relation) AS view, m.kind, coalesce(m.options ->> 'refresh', 'auto') AS strategy,
  m.options ->> 'schedule' AS schedule, m.options,
  greatest((SELECT c.reltuples::bigint FROM pg_class c WHERE c.oid = shown.rows_in), 0) AS rows,
  pg_total_relation_size(shown.rows_in) AS bytes,
  freshet.populated(m) AS populated, m.as_of, clock_timestamp() - m.as_of AS age,
  latest.started_at AS last_started_at, success.duration AS last_duration,
  latest.outcome AS last_outcome, latest.error AS last_error,
  CASE WHEN NOT freshet.populated(m) THEN 'not populated'
       WHEN latest.outcome IN ('failed', 'lost', 'skipped') THEN concat('last refresh ', latest.outcome, ': ', latest.error) END AS stale,
  m.source_file
FROM freshet.materialized_views m
CROSS JOIN LATERAL (SELECT CASE m.kind WHEN 'native' THEN m.relation ELSE m.storage END AS rows_in) shown
LEFT JOIN LATERAL (SELECT r.* FROM freshet.refresh_history r WHERE r.view_id = m.id AND freshet.owns(m.relation) ORDER BY r.id DESC LIMIT 1) latest ON true
LEFT JOIN LATERAL (SELECT r.finished_at - r.started_at AS duration FROM freshet.refresh_history r
  WHERE r.view_id = m.id AND r.outcome = 'succeeded' AND freshet.owns(m.relation) ORDER BY r.id DESC LIMIT 1) success ON true
WHERE EXISTS (SELECT FROM pg_class c WHERE c.oid = m.relation);
COMMENT ON VIEW freshet.views IS 'Every materialized view that Freshet looks after, as it stands now; errors only for those who may refresh it';

CREATE FUNCTION freshet.freshness(view text) RETURNS TABLE (view_name text, populated boolean, as_of timestamptz, age interval, stale text)
LANGUAGE sql STABLE AS $$
  SELECT v.view, v.populated, v.as_of, v.age, v.stale
  FROM freshet.views v WHERE v.id OPERATOR(pg_catalog.=) freshet.find_view($1)
$$;
COMMENT ON FUNCTION freshet.freshness(text) IS 'How old the content of a view is, and why it is older than it should be';

CREATE FUNCTION freshet.sources(view text) RETURNS TABLE (source text) LANGUAGE sql STABLE AS $$
  SELECT freshet.qualified(m.relation)
  FROM freshet.materialized_views v
  CROSS JOIN LATERAL freshet.relations_read(v.definition) r
  JOIN freshet.materialized_views m ON m.id OPERATOR(pg_catalog.=) r.view_id
  WHERE v.id OPERATOR(pg_catalog.=) freshet.find_view($1)
  ORDER BY 1
$$;
COMMENT ON FUNCTION freshet.sources(text) IS 'Materialized views that a view reads';

CREATE VIEW freshet.materialized_view_metadata AS
SELECT c.relname::text AS view_name, m.as_of AS last_refreshed_at
FROM freshet.materialized_views m JOIN pg_class c ON c.oid = m.relation
WHERE m.as_of IS NOT NULL;
COMMENT ON VIEW freshet.materialized_view_metadata IS 'When each view was last refreshed, in the two columns that reports use';

GRANT SELECT ON freshet.refreshes, freshet.views, freshet.materialized_view_metadata TO PUBLIC;
