-- The refresh driver. What it may and may not do between COMMIT and the last LOCK is in docs/decisions/002-driver.md.

-- Relations that a definition reads, through plain views down to tables and to other materialized views.
CREATE FUNCTION freshet.relations_read(definition regclass) RETURNS TABLE (relation oid, view_id integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE reads (relation, view_id) AS (
    SELECT definition::oid, NULL::integer
    UNION
    SELECT d.refobjid, m.id
    FROM reads r
    JOIN pg_rewrite w ON w.ev_class = r.relation
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
      AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.relation
    LEFT JOIN freshet.materialized_views m ON m.relation = d.refobjid
    WHERE r.view_id IS NULL
  )
  SELECT r.relation, r.view_id FROM reads r WHERE r.relation <> definition::oid
$$;

-- The views to refresh for these targets, sources first. Without sources, the targets alone.
CREATE FUNCTION freshet.chain(targets integer[], with_sources boolean) RETURNS TABLE (view_id integer, is_source boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE depths (view_id, depth) AS (
    SELECT t, 0 FROM unnest(targets) t
    UNION
    SELECT s.view_id, d.depth + 1
    FROM depths d
    JOIN freshet.materialized_views m ON m.id = d.view_id
    CROSS JOIN LATERAL freshet.relations_read(m.definition) s
    WHERE s.view_id IS NOT NULL
  ), placed AS (
    SELECT d.view_id, max(d.depth) AS depth FROM depths d GROUP BY d.view_id
  )
  SELECT p.view_id, p.depth > 0 FROM placed p
  WHERE with_sources OR p.view_id = ANY (targets)
  ORDER BY p.depth DESC, p.view_id
$$;

-- The view of this name, or an error that says what to do.
CREATE FUNCTION freshet.find_view(view text) RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
  found_relation regclass := pg_catalog.to_regclass(view);
  found_id integer;
BEGIN
  IF found_relation IS NULL THEN
    RAISE EXCEPTION 'materialized view "%" does not exist', view
      USING ERRCODE = 'undefined_table', HINT = 'SELECT view FROM freshet.views lists those that Freshet looks after.';
  END IF;
  SELECT m.id INTO found_id FROM freshet.materialized_views m WHERE m.relation OPERATOR(pg_catalog.=) found_relation;
  IF found_id IS NULL THEN
    RAISE EXCEPTION '"%" is not a materialized view that Freshet looks after', view
      USING ERRCODE = 'wrong_object_type',
            HINT = 'Declare it in a view file and apply that, or adopt an existing materialized view.';
  END IF;
  RETURN found_id;
END
$$;

-- An option in milliseconds, such as '40 ms'.
CREATE FUNCTION freshet.milliseconds(duration text) RETURNS double precision LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT date_part('epoch', duration::interval) * 1000
$$;

-- A bound of freshet.lock_delay in milliseconds, such as the first of '50-200 ms'; a bound without a unit has the other's.
CREATE FUNCTION freshet.delay_bound(range text, bound integer) RETURNS double precision LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT freshet.milliseconds(CASE WHEN split_part(r.range, '-', bound) ~ '[a-z]' THEN split_part(r.range, '-', bound)
    ELSE split_part(r.range, '-', bound) || substring(r.range FROM '[ a-z]+$') END)
  FROM (SELECT trim(coalesce(delay_bound.range, '50-200 ms')) AS range) r
$$;

-- The refresh lock of a view: one refresher at a time. It belongs to the session, so that it can be taken
-- before the transaction whose snapshot it must precede. See docs/decisions/002-driver.md.
CREATE FUNCTION freshet.lock_class() RETURNS integer LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT hashtext('freshet.refresh')
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

-- Gives back every refresh lock that this session holds.
CREATE FUNCTION freshet.unlock_views() RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT pg_advisory_unlock(l.classid::integer, l.objid::integer)
  FROM pg_locks l
  WHERE l.pid = pg_backend_pid() AND l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
    AND l.classid = (freshet.lock_class()::bigint & 4294967295)::oid
    AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
$$;

-- True while the session works on a refresh of the view.
CREATE FUNCTION freshet.refreshing(view integer, pid integer) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
    WHERE l.pid = $2 AND l.locktype = 'advisory' AND l.objsubid = 2 AND l.objid = $1::oid
      AND l.classid = (freshet.lock_class()::bigint & 4294967295)::oid)
$$;

-- Closes refreshes whose session is gone.
CREATE FUNCTION freshet.close_lost_refreshes() RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  WITH lost AS (
    SELECT h.id FROM freshet.refresh_history h
    WHERE h.outcome = 'running' AND NOT freshet.refreshing(h.view_id, h.pid)
    FOR UPDATE SKIP LOCKED
  ), closed AS (
    UPDATE freshet.refresh_history h
    SET outcome = 'lost', finished_at = clock_timestamp(), sql_state = '57P01',
        error = 'the session ended before the refresh did',
        hint = 'The view still shows its earlier content. Refresh it again.'
    FROM lost WHERE h.id = lost.id RETURNING h.id
  )
  SELECT count(*) FROM closed
$$;

-- Functions that are generated for a view, where it has them.
CREATE FUNCTION freshet.functions_of(view freshet.materialized_views) RETURNS SETOF pg_proc
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.* FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname = 'freshet_data'
    AND p.proname IN (SELECT view.base_name || suffix FROM unnest(ARRAY['_build', '_publish', '_diff', '_top_off', '_check', '_verify']) suffix)
$$;

-- Makes sure that the functions of a view run with its owner's rights and nobody else's, also where the caller
-- may do more. ALTER FUNCTION both states it and locks the function against its owner until the end.
CREATE FUNCTION freshet.trust(view freshet.materialized_views) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  view_owner regrole := (SELECT c.relowner FROM pg_class c WHERE c.oid = view.relation);
  function_name regprocedure;
BEGIN
  IF NOT coalesce(pg_has_role(view_owner, 'USAGE'), false) THEN
    RAISE EXCEPTION 'must be owner of materialized view %', view.relation
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF EXISTS (SELECT FROM pg_class c WHERE c.oid IN (view.storage, view.definition) AND c.relowner <> view_owner) THEN
    RAISE EXCEPTION 'the storage of materialized view % belongs to another role than the view', view.relation
      USING ERRCODE = 'insufficient_privilege', HINT = 'Apply the file of the view again, as its owner.';
  END IF;
  IF current_user = view_owner::text THEN
    RETURN;
  END IF;
  FOR function_name IN SELECT f.oid FROM freshet.functions_of(view) f LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER', function_name);
  END LOOP;
  IF EXISTS (SELECT FROM freshet.functions_of(view) f WHERE f.proowner <> view_owner OR NOT f.prosecdef) THEN
    RAISE EXCEPTION 'a function of materialized view % belongs to another role than the view', view.relation
      USING ERRCODE = 'insufficient_privilege', HINT = 'Apply the file of the view again, as its owner.';
  END IF;
END
$$;

-- What a strategy did, on its way into the history.
CREATE TYPE freshet.work AS (
  strategy text, reason text, unpublished boolean, rows bigint, inserted bigint, updated bigint, deleted bigint
);

-- The strategy that `auto` picks, by what is possible and by what the latest five refreshes of each took.
-- The diff is preferred until it is clearly dearer, and tried again after twenty swaps.
CREATE FUNCTION freshet.choose(view freshet.materialized_views, OUT strategy text, OUT reason text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  diff record;
  swap record;
BEGIN
  IF view.kind = 'native' THEN
    IF EXISTS (SELECT FROM pg_index i WHERE i.indrelid = view.relation AND i.indisunique AND i.indisvalid
        AND i.indpred IS NULL AND i.indexprs IS NULL)
       AND (SELECT c.relispopulated FROM pg_class c WHERE c.oid = view.relation) THEN
      strategy := 'concurrent'; reason := 'auto: a unique index lets readers go on';
    ELSE
      strategy := 'full'; reason := 'auto: REFRESH CONCURRENTLY needs a populated view with a unique index';
    END IF;
    RETURN;
  END IF;
  IF view.options ? 'top_off_where' OR view.options ? 'top_off_call' THEN
    IF NOT EXISTS (
      SELECT FROM (SELECT h.reason FROM freshet.refresh_history h
                   WHERE h.view_id = view.id AND h.outcome = 'succeeded' ORDER BY h.id DESC LIMIT 5) latest
      WHERE latest.reason LIKE '%wrong rows%') THEN
      strategy := 'top-off'; reason := 'auto: a top-off is declared'; RETURN;
    END IF;
  END IF;
  SELECT INTO diff * FROM freshet.measured_cost(view.id, 'concurrent');
  SELECT INTO swap * FROM freshet.measured_cost(view.id, 'swap');
  IF diff.runs < 2 THEN
    strategy := 'concurrent'; reason := 'auto: little is measured yet, and the diff makes no reader wait';
  ELSIF swap.runs = 0 AND diff.changed_share > 0.3 THEN
    strategy := 'swap'; reason := format('auto: %s %% of the rows changed, so a swap is tried', round(diff.changed_share * 100));
  ELSIF NOT EXISTS (SELECT FROM (SELECT h.strategy FROM freshet.refresh_history h
      WHERE h.view_id = view.id AND h.outcome = 'succeeded' ORDER BY h.id DESC LIMIT 20) latest WHERE latest.strategy <> 'swap') THEN
    strategy := 'concurrent'; reason := 'auto: twenty swaps in a row, so the diff is measured again';
  ELSIF swap.runs > 0 AND swap.milliseconds * 1.3 < diff.milliseconds THEN
    strategy := 'swap'; reason := format('auto: a swap took %s ms, the diff %s ms', round(swap.milliseconds), round(diff.milliseconds));
  ELSIF swap.runs > 0 THEN
    strategy := 'concurrent'; reason := format('auto: the diff took %s ms, a swap %s ms', round(diff.milliseconds), round(swap.milliseconds));
  ELSE
    strategy := 'concurrent'; reason := format('auto: the diff took %s ms and changed %s %% of the rows', round(diff.milliseconds), round(diff.changed_share * 100, 1));
  END IF;
END
$$;

CREATE FUNCTION freshet.measured_cost(view integer, strategy text, OUT runs bigint, OUT milliseconds numeric, OUT changed_share numeric)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*), avg(extract(epoch FROM latest.finished_at - latest.started_at) * 1000),
    avg((latest.inserted + latest.updated + latest.deleted)::numeric / greatest(latest.rows, 1))
  FROM (SELECT h.* FROM freshet.refresh_history h
        WHERE h.view_id = $1 AND h.strategy = $2 AND h.outcome = 'succeeded' ORDER BY h.id DESC LIMIT 5) latest
$$;

-- Brings the rows of one view up to date, up to but not including the publishing of a new storage.
-- A view that others read in the same refresh is never published anew, since the lock would last until the end.
CREATE FUNCTION freshet.compute(view freshet.materialized_views, requested text, is_source boolean) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  work freshet.work;
BEGIN
  PERFORM freshet.trust(view);
  work.strategy := requested; work.reason := ''; work.unpublished := false;
  IF requested = 'auto' THEN
    SELECT c.strategy, c.reason INTO work.strategy, work.reason FROM freshet.choose(view) c;
  END IF;
  IF view.kind = 'native' THEN
    RETURN freshet.refresh_native(view, work);
  END IF;
  IF NOT freshet.populated(view) THEN
    work.strategy := 'full'; work.reason := freshet.and_then(work.reason, 'full: the view had no content');
  ELSIF is_source AND work.strategy IN ('full', 'swap') THEN
    work.reason := freshet.and_then(work.reason, format('concurrent instead of %s: another view of this refresh reads it, and a publish would hold readers until the end', work.strategy));
    work.strategy := 'concurrent';
  END IF;
  IF work.strategy = 'top-off' THEN
    RETURN freshet.top_off(view, work);
  ELSIF work.strategy = 'concurrent' THEN
    RETURN freshet.diff(view, work, false);
  END IF;
  RAISE DEBUG 'freshet: build %', view.relation;
  EXECUTE format('SELECT freshet_data.%I()', view.base_name || '_build') INTO work.rows;
  work.unpublished := true; work.inserted := work.rows; work.updated := 0;
  EXECUTE format('SELECT greatest(c.reltuples, 0) FROM pg_class c WHERE c.oid = %L::regclass', view.storage) INTO work.deleted;
  RETURN work;
END
$$;

CREATE FUNCTION freshet.and_then(reason text, more text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN reason = '' THEN more ELSE concat(reason, '; ', more) END
$$;

CREATE FUNCTION freshet.populated(view freshet.materialized_views) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE view.kind
    WHEN 'native' THEN (SELECT c.relispopulated FROM pg_class c WHERE c.oid = view.relation)
    ELSE view.generation > 0 AND freshet.has_content(view.id, view.generation) END
$$;

CREATE FUNCTION freshet.refresh_native(view freshet.materialized_views, work freshet.work) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE DEBUG 'freshet: % %', work.strategy, view.relation;
  EXECUTE format('REFRESH MATERIALIZED VIEW %s %s', CASE work.strategy WHEN 'concurrent' THEN 'CONCURRENTLY' END, view.relation);
  EXECUTE format('ANALYZE %s', view.relation);
  SELECT greatest(c.reltuples, 0) INTO work.rows FROM pg_class c WHERE c.oid = view.relation;
  work.inserted := 0; work.updated := 0; work.deleted := 0;
  RETURN work;
END
$$;

-- Writes only the rows that differ, from the query or from a storage that is built but could not be published.
CREATE FUNCTION freshet.diff(view freshet.materialized_views, work freshet.work, built boolean) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE DEBUG 'freshet: diff %', view.relation;
  EXECUTE format('SELECT d.* FROM freshet_data.%I($1) d', view.base_name || '_diff')
    INTO work.rows, work.inserted, work.updated, work.deleted USING built;
  work.unpublished := false;
  RETURN work;
END
$$;

-- Runs the declared top-off and checks what it left; whatever is wrong is mended by a diff of the whole view.
CREATE FUNCTION freshet.top_off(view freshet.materialized_views, work freshet.work) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  what text := coalesce(view.options ->> 'top_off_call', view.options ->> 'top_off_where');
  compared bigint;
  wrong bigint := 0;
  failure text;
BEGIN
  IF what IS NULL THEN
    RAISE EXCEPTION 'materialized view % declares no top-off', view.relation
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Set freshet.top_off_where or freshet.top_off_call in its file.';
  END IF;
  BEGIN
    RAISE DEBUG 'freshet: top-off %', view.relation;
    EXECUTE format('SELECT d.* FROM freshet_data.%I() d', view.base_name || '_top_off')
      INTO work.rows, work.inserted, work.updated, work.deleted;
    IF coalesce(view.options ->> 'check', 'sample') <> 'off' THEN
      RAISE DEBUG 'freshet: check %', view.relation;
      EXECUTE format('SELECT d.* FROM freshet_data.%I($1) d', view.base_name || '_check')
        INTO compared, wrong USING coalesce(view.options ->> 'check', 'sample') = 'sample';
      work.reason := freshet.and_then(work.reason, format('top-off: %s rows compared, %s wrong rows', compared, wrong));
    END IF;
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS failure = MESSAGE_TEXT;
  END;
  IF failure IS NULL AND wrong = 0 THEN
    work.unpublished := false;
    RETURN work;
  END IF;
  work.strategy := 'concurrent';
  work.reason := concat(CASE WHEN failure IS NOT NULL THEN format('top-off failed: %s', failure)
    ELSE format('top-off by %s left wrong rows: %s of %s compared', what, wrong, compared) END, '; redone in full');
  RETURN freshet.diff(view, work, false);
END
$$;

-- Publishes the storages that this refresh has built, all of them or none, in bounded attempts.
CREATE FUNCTION freshet.publish(views integer[], OUT published boolean, OUT attempts integer, OUT lock_wait interval)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  most integer; budget double precision; shortest double precision; longest double precision;
  began timestamptz;
  earlier text := current_setting('lock_timeout');
  one freshet.materialized_views;
BEGIN
  published := false; attempts := 0; lock_wait := '0';
  SELECT max(coalesce((m.options ->> 'lock_attempts')::integer, 20)),
         min(freshet.milliseconds(coalesce(m.options ->> 'lock_timeout', '40 ms'))),
         min(freshet.delay_bound(m.options ->> 'lock_delay', 1)),
         max(freshet.delay_bound(m.options ->> 'lock_delay', 2))
  INTO most, budget, shortest, longest
  FROM freshet.materialized_views m WHERE m.id = ANY (views);
  WHILE NOT published AND attempts < most LOOP
    IF attempts > 0 THEN
      PERFORM pg_sleep((shortest + (longest - shortest) * random()) / 1000);
    END IF;
    attempts := attempts + 1;
    began := clock_timestamp();
    RAISE DEBUG 'freshet: publish %', attempts;
    BEGIN
      FOR one IN SELECT m.* FROM freshet.materialized_views m WHERE m.id = ANY (views) ORDER BY m.id LOOP
        EXECUTE format('SELECT freshet_data.%I($1, $2)', one.base_name::text || '_publish')
          USING one.generation + 1, began + budget * interval '1 ms';
      END LOOP;
      PERFORM set_config('lock_timeout', earlier, true);
      PERFORM freshet.note_published(views);
      published := true;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      published := false;
    END;
    lock_wait := lock_wait + (clock_timestamp() - began);
  END LOOP;
END
$$;

CREATE FUNCTION freshet.note_published(views integer[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE freshet.materialized_views m
  SET generation = m.generation + 1,
      storage = format('freshet_data.%I', m.base_name)::regclass
  WHERE m.id = ANY (views);
  DELETE FROM freshet.contents c WHERE c.view_id = ANY (views);
  DELETE FROM freshet.unlogged_contents c WHERE c.view_id = ANY (views);
  INSERT INTO freshet.contents SELECT m.id, m.generation FROM freshet.materialized_views m WHERE m.id = ANY (views) AND NOT m.unlogged;
  INSERT INTO freshet.unlogged_contents SELECT m.id, m.generation FROM freshet.materialized_views m WHERE m.id = ANY (views) AND m.unlogged;
END
$$;

-- Writes what a view's refresh did and how it ended.
CREATE FUNCTION freshet.note_success(refresh bigint, view integer, work freshet.work, as_of timestamptz, wal_start pg_lsn, attempts integer, lock_wait interval)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE freshet.materialized_views m SET as_of = $4 WHERE m.id = view;
  UPDATE freshet.refresh_history h
  SET outcome = 'succeeded', finished_at = clock_timestamp(), as_of = $4, strategy = work.strategy, reason = work.reason,
      rows = work.rows, inserted = work.inserted, updated = work.updated, deleted = work.deleted,
      wal_bytes = pg_current_wal_insert_lsn() - wal_start, attempts = $6, lock_wait = $7
  WHERE h.id = refresh;
  DELETE FROM freshet.refresh_history h
  WHERE h.view_id = view AND h.id <= (SELECT o.id FROM freshet.refresh_history o WHERE o.view_id = view ORDER BY o.id DESC OFFSET 1000 LIMIT 1);
END
$$;

CREATE FUNCTION freshet.note_failure(refresh bigint, outcome text, sql_state text, error text, detail text, hint text)
RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE freshet.refresh_history h
  SET outcome = $2, finished_at = clock_timestamp(), sql_state = $3, error = $4, detail = nullif($5, ''), hint = nullif($6, '')
  WHERE h.id = refresh AND h.outcome IN ('running', 'lost')
$$;

-- What a refresh has to do, settled before its snapshot is taken.
CREATE TYPE freshet.assignment AS (refresh bigint, view_id integer, revision integer, requested text, is_source boolean);

-- The views that a request is about: the targets, and their sources as far as the current role may refresh them.
CREATE FUNCTION freshet.chosen(targets integer[], with_sources boolean) RETURNS integer[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(c.view_id) FROM freshet.chain(targets, with_sources) c
  WHERE c.view_id = ANY (targets) OR freshet.owns(c.view_id)
$$;

-- A table that was truncated or rewritten after the snapshot was taken and before it was locked shows the snapshot
-- no rows, or rows it should not see. Its file then differs between the snapshot's catalog and the live one.
CREATE FUNCTION freshet.require_unrewritten(definitions regclass[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  rewritten regclass;
BEGIN
  WITH RECURSIVE relations (relation) AS (
    SELECT r.relation FROM unnest(definitions) d CROSS JOIN LATERAL freshet.relations_read(d) r
    UNION
    SELECT i.inhrelid FROM relations r JOIN pg_inherits i ON i.inhparent = r.relation
  )
  SELECT c.oid INTO rewritten FROM relations r JOIN pg_class c ON c.oid = r.relation
  WHERE c.relkind IN ('r', 'm') AND c.relfilenode NOT IN (0, pg_relation_filenode(c.oid)) LIMIT 1;
  IF rewritten IS NOT NULL THEN
    RAISE EXCEPTION 'table % was truncated or rewritten while the refresh began', freshet.qualified(rewritten)
      USING ERRCODE = 'serialization_failure', HINT = 'Refresh again.';
  END IF;
END
$$;

-- Checks the request, notes it in the history and returns the work in order together with the text of its locks.
CREATE FUNCTION freshet.assign(targets integer[], chosen integer[], strategy text, with_sources boolean, origin text,
  OUT assignments freshet.assignment[], OUT locks text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  one record;
BEGIN
  IF strategy NOT IN ('auto', 'full', 'concurrent', 'swap', 'top-off') THEN
    RAISE EXCEPTION 'unknown refresh strategy "%"', strategy
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Strategies are auto, full, concurrent, swap and top-off.';
  END IF;
  FOR one IN
    SELECT m.*, c.is_source, v.relowner,
      CASE WHEN m.id = ANY (targets) THEN coalesce(assign.strategy, m.options ->> 'refresh', 'auto') ELSE coalesce(m.options ->> 'refresh', 'auto') END AS requested
    FROM freshet.chain(targets, with_sources) WITH ORDINALITY c (view_id, is_source, place)
    JOIN freshet.materialized_views m ON m.id = c.view_id
    LEFT JOIN pg_class v ON v.oid = m.relation
    WHERE m.id = ANY (chosen)
    ORDER BY c.place
  LOOP
    IF one.relowner IS NULL THEN
      RAISE EXCEPTION 'materialized view with number % was dropped', one.id
        USING ERRCODE = 'undefined_table', HINT = 'Run freshet status, which clears away what is left of it.';
    ELSIF NOT pg_has_role(one.relowner, 'USAGE') THEN
      RAISE EXCEPTION 'must be owner of materialized view %', one.relation USING ERRCODE = 'insufficient_privilege';
    ELSIF one.kind = 'native' AND one.requested NOT IN ('auto', 'full', 'concurrent') THEN
      RAISE EXCEPTION 'refresh strategy "%" is not possible for native materialized view %', one.requested, one.relation
        USING ERRCODE = 'feature_not_supported', HINT = 'Native views know full and concurrent. Run freshet adopt --convert to make it a managed one.';
    ELSIF EXISTS (SELECT FROM pg_class c WHERE c.oid = one.storage AND c.relowner <> one.relowner) THEN
      RAISE EXCEPTION 'the storage of materialized view % belongs to another role than the view', one.relation
        USING ERRCODE = 'insufficient_privilege', HINT = 'Apply the file of the view again, as its owner.';
    END IF;
    INSERT INTO freshet.refresh_history AS h (view_id, requested, origin) VALUES (one.id, one.requested, origin)
      RETURNING array_append(assignments, (h.id, one.id, one.revision, one.requested, one.is_source)::freshet.assignment) INTO assignments;
    locks := concat(locks, format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE; LOCK TABLE %s IN ACCESS SHARE MODE; ', one.storage, one.definition));
  END LOOP;
END
$$;

-- One view's place in a refresh that is under way.
CREATE TYPE freshet.progress AS (assignment freshet.assignment, work freshet.work, failed boolean);

-- The part of a refresh that runs under its snapshot. A view that fails is noted, its dependents are skipped,
-- and the others go on.
CREATE FUNCTION freshet.perform(assignments freshet.assignment[], as_of timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wal_start pg_lsn := pg_current_wal_insert_lsn();
  one freshet.assignment;
  done freshet.progress[] := '{}';
  failed integer[] := '{}';
  step freshet.progress;
BEGIN
  PERFORM freshet.require_unrewritten((SELECT array_agg(m.definition) FROM unnest(assignments) a JOIN freshet.materialized_views m ON m.id = a.view_id));
  FOREACH one IN ARRAY assignments LOOP
    step := freshet.perform_one(one, failed);
    done := done || step;
    IF step.failed THEN
      failed := failed || one.view_id;
    END IF;
  END LOOP;
  PERFORM freshet.finish(done, as_of, wal_start);
END
$$;

-- Computes one view in a savepoint, unless its definition changed meanwhile or a source failed. A serialization
-- failure is the whole transaction's: it passes through, and the refresh starts again with a new snapshot.
CREATE FUNCTION freshet.perform_one(one freshet.assignment, failed integer[]) RETURNS freshet.progress
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  view freshet.materialized_views;
  failed_sources text;
  sql_state text; error text; detail text; hint text;
BEGIN
  SELECT m.* INTO view FROM freshet.materialized_views m WHERE m.id = one.view_id;
  SELECT string_agg(freshet.qualified(m.relation), ', ') INTO failed_sources
  FROM freshet.relations_read(view.definition) r JOIN freshet.materialized_views m ON m.id = r.view_id
  WHERE r.view_id = ANY (failed);
  IF view.revision IS DISTINCT FROM one.revision THEN
    PERFORM freshet.note_failure(one.refresh, 'failed', '40001', 'the definition of the view changed while the refresh waited', NULL, 'Refresh it again.');
    RETURN (one, NULL, true);
  ELSIF failed_sources IS NOT NULL THEN
    PERFORM freshet.note_failure(one.refresh, 'skipped', NULL, 'a source of the view could not be refreshed', format('The source is %s.', failed_sources), NULL);
    RETURN (one, NULL, true);
  END IF;
  RETURN (one, freshet.compute(view, one.requested, one.is_source), false);
EXCEPTION
  WHEN serialization_failure THEN
    RAISE;
  WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS sql_state = RETURNED_SQLSTATE, error = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    PERFORM freshet.note_failure(one.refresh, 'failed', sql_state, error, detail, hint);
    RETURN (one, NULL, true);
END
$$;

-- Publishes what was built and writes the history.
CREATE FUNCTION freshet.finish(done freshet.progress[], as_of timestamptz, wal_start pg_lsn) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  built integer[] := (SELECT array_agg(((d.assignment)).view_id) FROM unnest(done) d WHERE ((d.work)).unpublished);
  published boolean := true;
  attempts integer := 0;
  lock_wait interval := '0';
  step freshet.progress;
  work freshet.work;
BEGIN
  IF built IS NOT NULL THEN
    SELECT p.published, p.attempts, p.lock_wait INTO published, attempts, lock_wait FROM freshet.publish(built) p;
  END IF;
  FOREACH step IN ARRAY done LOOP
    CONTINUE WHEN step.failed;
    work := step.work;
    IF work.unpublished AND NOT published THEN
      work := freshet.without_publishing(step.assignment, work, attempts);
    END IF;
    IF work IS NOT NULL THEN
      PERFORM freshet.note_success((step.assignment).refresh, (step.assignment).view_id, work, as_of, wal_start,
        CASE WHEN (step.work).unpublished THEN attempts ELSE 0 END,
        CASE WHEN (step.work).unpublished THEN lock_wait ELSE '0' END);
    END IF;
  END LOOP;
END
$$;

-- Readers held the view in every attempt: a swap falls back to the diff against what was built, which conflicts
-- with no reader; anything else has failed, and NULL says so.
CREATE FUNCTION freshet.without_publishing(one freshet.assignment, work freshet.work, attempts integer) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  view freshet.materialized_views;
  falls_back boolean;
BEGIN
  SELECT m.* INTO view FROM freshet.materialized_views m WHERE m.id = one.view_id;
  falls_back := work.strategy = 'swap' AND freshet.populated(view);
  IF falls_back THEN
    work := freshet.diff(view, work, true);
    work.strategy := 'concurrent';
    work.reason := freshet.and_then(work.reason, format('concurrent instead of swap: readers held the view in all %s attempts to publish', attempts));
  END IF;
  EXECUTE format('DROP TABLE freshet_data.%I', freshet.next_name(view.base_name));
  IF falls_back THEN
    RETURN work;
  END IF;
  PERFORM freshet.note_failure(one.refresh, 'failed', '55P03', format('could not publish materialized view %s', freshet.qualified(view.relation)),
    format('Its readers held it in all %s attempts.', attempts), 'Use strategy swap or concurrent, or raise freshet.lock_attempts.');
  RETURN NULL;
END
$$;

-- PostgreSQL's own words for a COMMIT that the context forbids, in the language of this server.
CREATE FUNCTION freshet.words_for_atomic_context() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  words text;
BEGIN
  COMMIT;
EXCEPTION WHEN invalid_transaction_termination THEN
  GET STACKED DIAGNOSTICS words = MESSAGE_TEXT;
  RETURN words;
END
$$;

-- Raises the error of the first of these refreshes that failed.
CREATE FUNCTION freshet.raise_failure(refreshes bigint[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  failure freshet.refresh_history;
BEGIN
  SELECT h.* INTO failure FROM freshet.refresh_history h WHERE h.id = ANY (refreshes) AND h.outcome = 'failed' ORDER BY h.id LIMIT 1;
  IF failure.id IS NULL THEN
    RETURN;
  END IF;
  failure.detail := concat_ws(' ', failure.detail, format('Refresh %s of materialized view %s failed; it still shows its earlier content.',
    failure.id, (SELECT freshet.qualified(m.relation) FROM freshet.materialized_views m WHERE m.id = failure.view_id)));
  IF failure.hint IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = failure.sql_state, MESSAGE = failure.error, DETAIL = failure.detail;
  END IF;
  RAISE EXCEPTION USING ERRCODE = failure.sql_state, MESSAGE = failure.error, DETAIL = failure.detail, HINT = failure.hint;
END
$$;

-- Refreshes these views and their sources in one transaction. `refreshes` returns their numbers in the history.
-- The first transaction takes the refresh locks, which outlast it, and notes the work; the second takes its snapshot
-- only then, so that it sees all that an earlier refresh of the same view has left.
CREATE PROCEDURE freshet.refresh_chain(targets integer[], strategy text, with_sources boolean, wait boolean, origin text, INOUT refreshes bigint[])
LANGUAGE plpgsql AS $$
DECLARE
  assignments freshet.assignment[];
  locks text;
  as_of timestamptz;
  attempt integer := 1;
  failed boolean := false;
  sql_state text; error text; detail text; hint text;
BEGIN
  SET LOCAL search_path TO pg_catalog, pg_temp;
  BEGIN
    PERFORM freshet.lock_views(freshet.chosen(targets, with_sources), wait);
    PERFORM freshet.close_lost_refreshes();
    SELECT a.assignments, a.locks INTO assignments, locks
    FROM freshet.assign(targets, freshet.chosen(targets, with_sources), strategy, with_sources, origin) a;
  EXCEPTION WHEN query_canceled OR OTHERS THEN
    PERFORM freshet.unlock_views();
    RAISE;
  END;
  SELECT array_agg(a.refresh) INTO refreshes FROM unnest(assignments) a;
  COMMIT;
  LOOP
    SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
    BEGIN
      SET LOCAL search_path TO pg_catalog, pg_temp;
      as_of := clock_timestamp(); -- takes the snapshot
      EXECUTE locks;
      PERFORM freshet.perform(assignments, as_of);
      failed := false;
    EXCEPTION WHEN query_canceled OR OTHERS THEN
      GET STACKED DIAGNOSTICS sql_state = RETURNED_SQLSTATE, error = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
      failed := true;
    END;
    EXIT WHEN NOT failed OR sql_state <> '40001' OR attempt = 5;
    attempt := attempt + 1;
    ROLLBACK;
  END LOOP;
  IF failed THEN
    ROLLBACK;
    SET LOCAL search_path TO pg_catalog, pg_temp;
    PERFORM freshet.note_failure(r, 'failed', sql_state, error, detail, hint) FROM unnest(refreshes) r;
  END IF;
  COMMIT;
  PERFORM freshet.unlock_views();
  IF sql_state = '57014' AND failed THEN
    RAISE EXCEPTION USING ERRCODE = sql_state, MESSAGE = error, DETAIL = 'Nothing was changed.';
  END IF;
END
$$;

CREATE PROCEDURE freshet.refresh(view text, strategy text DEFAULT NULL, with_sources boolean DEFAULT true, wait boolean DEFAULT true, origin text DEFAULT 'sql')
LANGUAGE plpgsql AS $$
DECLARE
  words text;
  target integer;
  refreshes bigint[];
BEGIN
  BEGIN
    COMMIT; -- fails either way; its words tell whether this is a transaction block
  EXCEPTION WHEN invalid_transaction_termination THEN
    GET STACKED DIAGNOSTICS words = MESSAGE_TEXT;
  END;
  PERFORM freshet.require_top_level(words, 'refresh');
  target := freshet.find_view(view);
  CALL freshet.refresh_chain(ARRAY[target], strategy, with_sources, wait, origin, refreshes);
  PERFORM freshet.raise_failure(refreshes);
END
$$;

CREATE FUNCTION freshet.require_top_level(words text, name text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF words = freshet.words_for_atomic_context() THEN
    RAISE EXCEPTION 'CALL freshet.% cannot run inside a transaction block', name
      USING ERRCODE = 'active_sql_transaction',
            DETAIL = 'A refresh takes its locks before its snapshot, so it needs transactions of its own.',
            HINT = 'Run it by itself: after COMMIT, with autocommit on, and as the only statement of its string.';
  END IF;
END
$$;

-- Every view, one transaction for each group of views that read one another.
CREATE PROCEDURE freshet.refresh_all(strategy text DEFAULT NULL, wait boolean DEFAULT true, origin text DEFAULT 'sql')
LANGUAGE plpgsql AS $$
DECLARE
  words text;
  done integer[] := '{}';
  targets integer[];
  refreshes bigint[];
  every bigint[] := '{}';
BEGIN
  BEGIN
    COMMIT; -- fails either way; its words tell whether this is a transaction block
  EXCEPTION WHEN invalid_transaction_termination THEN
    GET STACKED DIAGNOSTICS words = MESSAGE_TEXT;
  END;
  PERFORM freshet.require_top_level(words, 'refresh_all');
  LOOP
    targets := freshet.next_group(done);
    EXIT WHEN targets IS NULL;
    CALL freshet.refresh_chain(targets, strategy, true, wait, origin, refreshes);
    done := pg_catalog.array_cat(done, targets);
    every := pg_catalog.array_cat(every, refreshes);
  END LOOP;
  PERFORM freshet.raise_failures(every);
END
$$;

-- The next group of connected views that the current role may refresh and that is not done.
CREATE FUNCTION freshet.next_group(done integer[]) RETURNS integer[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE edges AS (
    SELECT m.id AS a, r.view_id AS b FROM freshet.materialized_views m CROSS JOIN LATERAL freshet.relations_read(m.definition) r WHERE r.view_id IS NOT NULL
  ), first AS (
    SELECT min(m.id) AS id FROM freshet.materialized_views m WHERE m.id <> ALL (done) AND freshet.owns(m.relation)
  ), members (id) AS (
    SELECT f.id FROM first f
    UNION
    SELECT CASE WHEN e.a = g.id THEN e.b ELSE e.a END FROM members g JOIN edges e ON g.id IN (e.a, e.b)
  )
  SELECT array_agg(g.id ORDER BY g.id) FROM members g WHERE freshet.owns(g.id)
$$;

CREATE FUNCTION freshet.raise_failures(refreshes bigint[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  failed bigint; views text;
BEGIN
  SELECT count(*), string_agg(format('%s: %s', m.relation, h.error), '; ' ORDER BY h.id) INTO failed, views
  FROM freshet.refresh_history h JOIN freshet.materialized_views m ON m.id = h.view_id
  WHERE h.id = ANY (refreshes) AND h.outcome IN ('failed', 'skipped');
  IF failed > 0 THEN
    RAISE EXCEPTION '% of % materialized views could not be refreshed', failed, cardinality(refreshes)
      USING ERRCODE = 'triggered_action_exception', DETAIL = views || '.', HINT = 'SELECT * FROM freshet.refreshes tells more; the others are fresh.';
  END IF;
END
$$;
