-- Making, switching and refreshing immediate views, while their writers are held back.

-- Takes for the session the locks that keep transactions from maintaining views by these logs, all or none. Whoever
-- waits makes the commits behind wait, too, so one attempt is short.
CREATE FUNCTION freshet.hold_back(logs integer[]) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '40ms' AS $$
DECLARE
  log integer;
  held integer[] := '{}';
BEGIN
  FOREACH log IN ARRAY coalesce(logs, '{}') LOOP
    PERFORM pg_advisory_lock(freshet.commit_lock_class(), log);
    held := held || log;
  END LOOP;
  RETURN true;
EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
  PERFORM pg_advisory_unlock(freshet.commit_lock_class(), h) FROM unnest(held) h;
  RETURN false;
END
$$;

-- True if this session holds back the writers of a log.
CREATE FUNCTION freshet.holds_back(log integer) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
    WHERE l.pid = pg_backend_pid() AND l.locktype = 'advisory' AND l.objsubid = 2 AND l.mode = 'ExclusiveLock' AND l.granted
      AND l.objid = log::oid AND l.classid = (freshet.commit_lock_class()::bigint & 4294967295)::oid)
$$;

-- Before the snapshot of a refresh, holds back the writers of views that are to be computed as a whole, and those of views
-- above, which follow a refresh in its transaction. Returns the logs that they write to.
CREATE FUNCTION freshet.hold_back_writers(views integer[], strategy text) RETURNS integer[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  logs integer[];
BEGIN
  IF NOT EXISTS (SELECT FROM freshet.change_logs l WHERE l.immediate) THEN
    RETURN NULL;
  END IF;
  logs := freshet.commit_logs(ARRAY(SELECT m.id FROM freshet.materialized_views m
    WHERE m.id = ANY (views) AND (NOT freshet.is_immediate(m) OR freshet.follows_clock(m) OR strategy <> 'auto' OR freshet.incremental_obstacle(m) IS NOT NULL)));
  FOR attempt IN 1 .. 20 LOOP
    IF freshet.hold_back(logs) THEN
      RETURN logs;
    END IF;
    PERFORM pg_sleep(0.05 + 0.15 * random());
  END LOOP;
  RAISE EXCEPTION 'transactions that maintain the materialized views did not end'
    USING ERRCODE = 'lock_not_available', HINT = 'Try again when they have ended, or look for a prepared transaction.';
END
$$;

-- Tells transactions with an older snapshot that the views of these logs are others now, or have other content.
CREATE FUNCTION freshet.note_passage(logs integer[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  log regclass;
BEGIN
  FOR log IN SELECT l.log FROM freshet.change_logs l WHERE l.id = ANY (logs) ORDER BY l.id LOOP
    EXECUTE format('UPDATE %s g SET commits = g.commits + 1', freshet.gate(log));
  END LOOP;
END
$$;

-- A refresh of a view that is maintained finds nothing to do, but for what emptied groups have left in shards, and for
-- the time that has passed. One that is not, or whose whole query is asked for, is compared while writers are held back.
CREATE FUNCTION freshet.catch_up(view freshet.materialized_views, work freshet.work) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  obstacle constant text := freshet.incremental_obstacle(view);
  folded bigint;
BEGIN
  IF work.strategy IN ('auto', 'incremental', 'on-commit', 'eager') AND obstacle IS NULL AND freshet.populated(view) THEN
    folded := freshet.fold_shards(view);
    PERFORM freshet.pass_time(view);
    work.strategy := view.options ->> 'refresh';
    work.reason := 'every commit maintains it' || CASE WHEN folded > 0 THEN format('; %s rows of emptied groups were removed', folded) ELSE '' END;
    work.inserted := 0; work.updated := 0; work.deleted := 0; work.pending := 0;
    work.rows := (SELECT greatest(c.reltuples, 0) FROM pg_class c WHERE c.oid = view.storage);
    RETURN work;
  ELSIF EXISTS (SELECT FROM unnest(freshet.commit_logs(ARRAY[view.id])) log WHERE NOT freshet.holds_back(log)) THEN
    RAISE EXCEPTION 'materialized view % is not maintained any more since the refresh began', freshet.qualified(view.relation)
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Refresh it again.';
  ELSIF work.strategy IN ('auto', 'incremental', 'on-commit', 'eager') THEN
    work.strategy := 'concurrent'; work.reason := format('concurrent: %s', coalesce(obstacle, 'the view had no content'));
  END IF;
  RETURN work;
END
$$;

-- Makes the content of a view that commits begin to maintain that of this snapshot. True if it is that, also where they
-- have maintained it so far.
CREATE FUNCTION freshet.bring_up_to_date(view_id integer, immediate boolean) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  view freshet.materialized_views;
  mark freshet.watermarks;
  obstacle text;
BEGIN
  SELECT m.* INTO view FROM freshet.materialized_views m WHERE m.id = bring_up_to_date.view_id;
  SELECT w.* INTO mark FROM freshet.watermarks w WHERE w.view_id = view.id;
  obstacle := freshet.incremental_obstacle(view);
  IF NOT freshet.populated(view) OR NOT immediate AND NOT freshet.is_immediate(view) THEN
    RETURN false;
  ELSIF freshet.is_immediate(view) AND obstacle IS NULL THEN
    PERFORM freshet.pass_time(view);
    RETURN true;
  ELSIF NOT immediate THEN
    RETURN false;
  ELSIF freshet.is_incremental(view) AND obstacle IS NULL THEN
    EXECUTE format('SELECT freshet_data.%I($1, $2, $3, NULL, NULL)', view.base_name || '_increment') USING mark.since, mark.own, mark.refreshed_at;
  ELSE
    EXECUTE format('SELECT freshet_data.%I(false)', view.base_name || '_diff');
  END IF;
  RETURN true;
END
$$;

-- Who waits for whom where transactions maintain a view, or why they do not; NULL for other views.
CREATE FUNCTION freshet.who_waits(view freshet.materialized_views) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
DECLARE
  spread constant boolean := coalesce((view.options ->> 'shards')::integer, 1) > 1;
BEGIN
  RETURN (
    SELECT CASE
      WHEN freshet.incremental_obstacle(view) IS NOT NULL THEN 'it is not maintained until it is refreshed: ' || freshet.incremental_obstacle(view)
      WHEN view.options ->> 'refresh' = 'eager' THEN concat('each statement locks the rows of the groups that it touches', CASE WHEN spread THEN ' in the shard of its session' END, ', until its transaction ends')
      WHEN w.linear AND (t.tables = 1 OR NOT freshet.meets_itself(w.view_id)) THEN concat('transactions wait for one another at COMMIT if they ', CASE WHEN t.tables > 1 THEN 'have changed different tables, or ' END,
        'touch a group in common', CASE WHEN spread THEN ' and share a shard' END)
      ELSE 'transactions that have changed a table of it wait for one another at COMMIT' END
    FROM freshet.watermarks w CROSS JOIN LATERAL (SELECT count(*) AS tables FROM freshet.log_readers r WHERE r.view_id = w.view_id) t
    WHERE w.view_id = view.id AND freshet.is_immediate(view));
END
$$;
