-- What people and programs read.

CREATE VIEW freshet.refreshes AS
SELECT h.id, freshet.qualified(m.relation) AS view, h.requested, h.strategy, h.reason,
  CASE WHEN h.outcome = 'running' AND NOT freshet.refreshing(h.view_id, h.pid) THEN 'lost' ELSE h.outcome END AS outcome,
  h.origin, h.requested_by, h.pid, h.started_at, h.finished_at, h.finished_at - h.started_at AS duration, h.as_of,
  h.rows, h.inserted, h.updated, h.deleted, h.pending, h.netted, h.affected,
  h.increment_estimate, h.query_estimate, h.given_up_after, h.wal_bytes, h.attempts, h.lock_wait,
  h.sql_state, h.error, h.detail, h.hint
FROM freshet.refresh_history h
JOIN freshet.materialized_views m ON m.id = h.view_id
WHERE freshet.owns(m.relation);
COMMENT ON VIEW freshet.refreshes IS 'History of the refreshes of the views that the current role may refresh';

-- True if transactions maintain the view themselves.
CREATE FUNCTION freshet.is_immediate(view freshet.materialized_views) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN to_regproc(format('freshet_data.%I', view.base_name || '_apply')) IS NOT NULL;
END
$$;

-- What keeps an incremental view fresh: bytes of hidden columns (by the lengths of their types) and of staging tables;
-- bytes and rows of the change logs that it reads, which it may share; and for the owner alone, since only his own
-- functions run for that, how many changed rows wait and why the next refresh must run the whole query nevertheless. If
-- transactions maintain it: as of when, and a view that it reads and they do not maintain, though they should.
CREATE FUNCTION freshet.increment_status(view freshet.materialized_views, OUT state_bytes bigint, OUT log_bytes bigint,
  OUT log_rows bigint, OUT pending bigint, OUT obstacle text, OUT as_of timestamptz, OUT stale_source text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF view.kind = 'native' OR NOT (freshet.is_incremental(view) OR freshet.is_immediate(view)) THEN
    RETURN;
  END IF;
  state_bytes := (SELECT coalesce(sum(pg_total_relation_size(t)), 0) FROM freshet.staging_named(view.base_name) t)
    + (SELECT coalesce(sum(CASE WHEN a.attlen > 0 THEN a.attlen ELSE 8 END), 0) * greatest(max(c.reltuples), 0)
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND starts_with(a.attname::text, 'freshet$') WHERE c.oid = view.storage);
  SELECT sum(pg_total_relation_size(l.log)), sum(pg_stat_get_live_tuples(l.log)) INTO log_bytes, log_rows
  FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id JOIN pg_class c ON c.oid = l.log WHERE r.view_id = view.id;
  IF freshet.is_immediate(view) OR (SELECT c.relowner = quote_ident(current_user)::regrole FROM pg_class c WHERE c.oid = view.relation) THEN
    SELECT c.pending, c.obstacle INTO pending, obstacle FROM freshet.captured(view) c;
  END IF;
  IF freshet.is_immediate(view) AND obstacle IS NULL AND freshet.populated(view) THEN
    SELECT least(statement_timestamp(), min(s.as_of)),
      min(freshet.qualified((s.source).relation)) FILTER (WHERE NOT s.maintained AND freshet.is_immediate(s.source))
    INTO as_of, stale_source FROM freshet.sources_of(view) s;
  END IF;
END
$$;

CREATE VIEW freshet.views AS
SELECT m.id, freshet.qualified(m.relation) AS view, m.kind, coalesce(m.options ->> 'refresh', 'auto') AS strategy,
  m.options ->> 'schedule' AS schedule, m.options,
  greatest((SELECT c.reltuples::bigint FROM pg_class c WHERE c.oid = shown.rows_in), 0) AS rows,
  pg_total_relation_size(shown.rows_in) AS bytes,
  freshet.populated(m) AS populated, fresh.as_of, clock_timestamp() - fresh.as_of AS age,
  latest.started_at AS last_started_at, success.duration AS last_duration,
  latest.outcome AS last_outcome, latest.error AS last_error,
  CASE WHEN NOT freshet.populated(m) THEN 'not populated'
       WHEN latest.outcome IN ('failed', 'lost', 'skipped') THEN concat('last refresh ', latest.outcome, ': ', latest.error)
       WHEN increment.obstacle IS NOT NULL AND freshet.is_immediate(m) THEN concat('commits do not maintain it: ', increment.obstacle)
       WHEN increment.obstacle IS NOT NULL THEN concat('the next refresh runs the whole query: ', increment.obstacle)
       WHEN increment.stale_source IS NOT NULL THEN format('it reads %s, which commits do not maintain', increment.stale_source) END AS stale,
  m.source_file, increment.state_bytes, increment.log_bytes, increment.log_rows, increment.pending,
  increment.obstacle AS needs_full_refresh
FROM freshet.materialized_views m
CROSS JOIN LATERAL freshet.increment_status(m) increment
CROSS JOIN LATERAL (SELECT coalesce(increment.as_of, m.as_of) AS as_of) fresh
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
COMMENT ON FUNCTION freshet.freshness(text) IS 'How old the content of a view is, and why it is older than it should be, or why its next refresh takes long';

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
