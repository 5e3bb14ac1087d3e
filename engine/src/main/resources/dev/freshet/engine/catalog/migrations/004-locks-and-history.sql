-- The refresh lock, and the history of what was done under it.

-- The refresh lock of a view: one refresher at a time. It belongs to the session, so that it can be taken
-- before the transaction whose snapshot it must precede. See docs/decisions/002-driver.md.
CREATE FUNCTION freshet.lock_class() RETURNS integer LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT hashtext('freshet.refresh')
$$;

-- Shared by a transaction from the moment when it maintains views by a log until it ends; exclusive for a session that
-- refreshes a view which reads the log, or makes one. So the snapshot of the latter sees all that the former has done.
CREATE FUNCTION freshet.commit_lock_class() RETURNS integer LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT hashtext('freshet.commit')
$$;

CREATE FUNCTION freshet.lock_views(views integer[], wait boolean) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  view integer;
BEGIN
  FOR view IN SELECT v FROM unnest(views) v ORDER BY v LOOP
    IF wait THEN
      PERFORM pg_advisory_lock(freshet.lock_class(), view);
    ELSIF NOT pg_try_advisory_lock(freshet.lock_class(), view) THEN
      RAISE EXCEPTION 'materialized view % is being refreshed by another session',
          (SELECT freshet.qualified(m.relation) FROM freshet.materialized_views m WHERE m.id = view)
        USING ERRCODE = 'lock_not_available', HINT = 'Wait for it to end, or ask again with wait => true.';
    END IF;
  END LOOP;
END
$$;

-- Gives back the locks of these views, and those that hold back the writers of these logs.
CREATE FUNCTION freshet.unlock(views integer[], logs integer[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  one integer;
BEGIN
  FOREACH one IN ARRAY coalesce(logs, '{}') LOOP
    PERFORM pg_advisory_unlock(freshet.commit_lock_class(), one);
  END LOOP;
  FOREACH one IN ARRAY views LOOP
    PERFORM pg_advisory_unlock(freshet.lock_class(), one);
  END LOOP;
END
$$;

-- Gives back every refresh lock that this session holds, whichever these are: looks through all locks of the server.
CREATE FUNCTION freshet.unlock_views() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_unlock(l.classid::integer, l.objid::integer)
  FROM pg_locks l
  WHERE l.pid = pg_backend_pid() AND l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.mode = 'ExclusiveLock'
    AND l.classid IN ((freshet.lock_class()::bigint & 4294967295)::oid, (freshet.commit_lock_class()::bigint & 4294967295)::oid)
    AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database());
END
$$;

-- True while the session works on a refresh of the view.
CREATE FUNCTION freshet.refreshing(view integer, pid integer) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
    WHERE l.pid = $2 AND l.locktype = 'advisory' AND l.objsubid = 2 AND l.objid = $1::oid
      AND l.classid = (freshet.lock_class()::bigint & 4294967295)::oid)
$$;

-- Closes refreshes whose session is gone.
CREATE FUNCTION freshet.close_lost_refreshes() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  closed bigint;
BEGIN
  WITH lost AS (
    SELECT h.id FROM freshet.refresh_history h
    WHERE h.outcome = 'running' AND NOT freshet.refreshing(h.view_id, h.pid)
    FOR UPDATE SKIP LOCKED
  )
  UPDATE freshet.refresh_history h
  SET outcome = 'lost', finished_at = clock_timestamp(), sql_state = '57P01',
      error = 'the session ended before the refresh did',
      hint = 'The view still shows its earlier content. Refresh it again.'
  FROM lost WHERE h.id = lost.id;
  GET DIAGNOSTICS closed = ROW_COUNT;
  RETURN closed;
END
$$;

-- What a strategy did, on its way into the history.
CREATE TYPE freshet.work AS (
  strategy text, reason text, unpublished boolean, rows bigint, inserted bigint, updated bigint, deleted bigint,
  pending bigint, netted bigint, affected bigint, increment_estimate interval, query_estimate interval,
  given_up_after interval
);

-- Writes what a view's refresh did and how it ended. Of a view about the latest thousand refreshes are kept; counting
-- them takes as long as all the rest, so that is done now and then.
CREATE FUNCTION freshet.note_success(refresh bigint, view integer, work freshet.work, as_of timestamptz, wal_start pg_lsn, attempts integer, lock_wait interval)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  UPDATE freshet.materialized_views m SET as_of = $4 WHERE m.id = view;
  UPDATE freshet.refresh_history h
  SET outcome = 'succeeded', finished_at = clock_timestamp(), as_of = $4, strategy = work.strategy, reason = work.reason,
      rows = work.rows, inserted = work.inserted, updated = work.updated, deleted = work.deleted, pending = work.pending, netted = work.netted, affected = work.affected,
      increment_estimate = work.increment_estimate, query_estimate = work.query_estimate,
      given_up_after = work.given_up_after,
      wal_bytes = pg_current_wal_insert_lsn() - wal_start, attempts = $6, lock_wait = $7
  WHERE h.id = refresh;
  PERFORM freshet.note_watermark(view, work.strategy = 'incremental');
  IF random() > 0.03 THEN
    RETURN;
  END IF;
  DELETE FROM freshet.refresh_history h
  WHERE h.view_id = view AND h.id <= (SELECT o.id FROM freshet.refresh_history o WHERE o.view_id = view ORDER BY o.id DESC OFFSET 1000 LIMIT 1)
    AND h.id IS DISTINCT FROM ( -- which tells what the whole query takes
      SELECT max(o.id) FROM freshet.refresh_history o WHERE o.view_id = view AND o.outcome = 'succeeded' AND o.strategy <> 'incremental');
END
$$;

CREATE FUNCTION freshet.note_failure(refresh bigint, outcome text, sql_state text, error text, detail text, hint text)
RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE freshet.refresh_history h
  SET outcome = $2, finished_at = clock_timestamp(), sql_state = $3, error = $4, detail = nullif($5, ''), hint = nullif($6, '')
  WHERE h.id = refresh AND h.outcome IN ('running', 'lost')
$$;
