-- Immediate views: what a transaction has changed is applied when it commits. See docs/decisions/006-immediate.md.

-- The table of a log that lives no longer than transactions, and its gate: a table that is locked, and rows that tell
-- transactions with an older snapshot that somebody has passed since. Each session has one of 64 rows, so that two
-- that commit at the same time seldom wait for one another. The log keeps some empty pages: a plan that reads all of a
-- small table would read all that others have deleted.
CREATE FUNCTION freshet.create_commit_log(log_name name) RETURNS regclass LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gate text := format('freshet_data.%I', log_name || '_gate');
BEGIN
  EXECUTE format('CREATE UNLOGGED TABLE freshet_data.%I (xid xid8 NOT NULL DEFAULT pg_current_xact_id(), multiplicity smallint NOT NULL, mark text) '
    'WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, vacuum_truncate = false)', log_name);
  EXECUTE format('CREATE INDEX ON freshet_data.%I (xid)', log_name);
  EXECUTE format('INSERT INTO freshet_data.%I (multiplicity) SELECT 0 FROM generate_series(1, 4000)', log_name);
  EXECUTE format('DELETE FROM freshet_data.%I', log_name);
  EXECUTE format('CREATE TABLE %s (slot integer PRIMARY KEY, commits bigint NOT NULL DEFAULT 0) WITH (fillfactor = 10)', gate);
  EXECUTE format('INSERT INTO %s (slot) SELECT generate_series(0, 63)', gate);
  EXECUTE format('COMMENT ON TABLE %s IS %L', gate, 'Freshet: locked by transactions that maintain views when they commit');
  PERFORM freshet.revoke_defaults(gate::regclass);
  RETURN format('freshet_data.%I', log_name)::regclass;
END
$$;

CREATE FUNCTION freshet.gate(log regclass) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('freshet_data.%I', c.relname || '_gate') FROM pg_class c WHERE c.oid = log
$$;

-- Makes commits call a function that applies a log to the views that now read it. Where that has changed meanwhile, the
-- function does what is right more slowly. A constraint trigger cannot be replaced.
CREATE FUNCTION freshet.arm_log(log regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  armed constant freshet.change_logs := (SELECT l FROM freshet.change_logs l WHERE l.log = arm_log.log);
  settle constant text := format('freshet_data.%I()', (SELECT c.relname || '_settle' FROM pg_class c WHERE c.oid = log));
BEGIN
  EXECUTE format('CREATE OR REPLACE FUNCTION %s RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER '
    'SET search_path = pg_catalog, pg_temp SET row_security = on SET plan_cache_mode = force_generic_plan SET jit = off AS %L', settle, freshet.settle_text(armed));
  EXECUTE format('ALTER FUNCTION %s OWNER TO %s', settle, armed.owner);
  EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', settle);
  EXECUTE format('COMMENT ON FUNCTION %s IS %L', settle, format('applies what a transaction has changed in table %s', armed.relation));
  IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = log AND t.tgname = 'freshet_settle') THEN
    EXECUTE format('CREATE CONSTRAINT TRIGGER freshet_settle AFTER INSERT ON %s DEFERRABLE INITIALLY DEFERRED '
      'FOR EACH ROW WHEN (NEW.mark IS NOT NULL) EXECUTE FUNCTION %s', log, settle);
  END IF;
END
$$;

-- The body of that function. What most transactions need stands there as it is, so that its plans are kept: they have
-- changed this table alone in READ COMMITTED, and every view that reads it is maintained. That is looked at under the
-- lock that keeps views from being made. Whatever else there may be is left to freshet.settle.
CREATE FUNCTION freshet.settle_text(log freshet.change_logs) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
  views constant freshet.materialized_views[] := ARRAY(SELECT m FROM freshet.log_readers r JOIN freshet.materialized_views m ON m.id = r.view_id
    WHERE r.log_id = log.id ORDER BY m.id);
  ids constant integer[] := ARRAY(SELECT v.id FROM unnest(views) v);
  bases constant name[] := ARRAY(SELECT v.base_name FROM unnest(views) v);
  usual constant integer := CASE WHEN EXISTS (SELECT FROM unnest(views) v WHERE v.unlogged) THEN -1 ELSE cardinality(views) END; -- a crash can empty the others
  locks constant text := (SELECT string_agg(format('LOCK TABLE %s IN %s MODE;', g.gate, g.mode), ' ' ORDER BY g.place)
    FROM freshet.gates_to_pass(ids, ARRAY[log.id]) WITH ORDINALITY g (gate, enters, mode, place));
  applied constant text := (SELECT string_agg(format($$
  BEGIN
    PERFORM freshet_data.%I(changed <= 100);
  EXCEPTION WHEN OTHERS THEN
    IF starts_with(SQLSTATE, '40') THEN
      RAISE; -- the transaction can be tried again
    END IF;
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    PERFORM freshet.fall_back(m, state, message, detail) FROM freshet.materialized_views m WHERE m.id = %s;
  END;$$, v.base_name || '_apply' || CASE WHEN (SELECT count(*) FROM freshet.log_readers r WHERE r.view_id = v.id) > 1 THEN log.id::text ELSE '' END, v.id), '' ORDER BY v.id)
    FROM unnest(views) v);
BEGIN
  RETURN format($$
-- Generated by Freshet: applies what a transaction has changed in table %1$s.
DECLARE
  changed bigint; mark text; state text; message text; detail text;
BEGIN
  SELECT count(*), max(p.mark) INTO changed, mark FROM %2$s p WHERE p.xid = pg_current_xact_id();
  IF mark IS NULL THEN
    RETURN NULL; -- an earlier call has applied all
  END IF;
  PERFORM pg_advisory_xact_lock_shared(freshet.commit_lock_class(), %3$s);
  IF mark <> 'commit' OR current_setting('transaction_isolation') <> 'read committed' OR NOT current_setting('track_counts')::boolean
    OR EXISTS (SELECT FROM freshet.change_logs l WHERE l.immediate AND l.owner = quote_ident(current_user)::regrole AND l.id <> %3$s AND pg_stat_get_xact_tuples_inserted(l.log) > 0)
      AND freshet.has_written_others(%3$s)
    OR %4$s <> (SELECT count(*) FROM freshet.log_readers r WHERE r.log_id = %3$s)
    OR %4$s <> (SELECT count(*) FROM freshet.watermarks w JOIN freshet.materialized_views m ON m.id = w.view_id
      WHERE m.base_name = ANY (%5$L::name[]) AND m.generation > 0 AND w.since IS NOT NULL AND w.failure IS NULL)
  THEN
    PERFORM freshet.settle(%3$s);
    RETURN NULL;
  END IF;
  BEGIN
    %6$s
  EXCEPTION WHEN lock_not_available THEN
    PERFORM freshet.settle(%3$s);
    RETURN NULL;
  END;
  UPDATE %7$s g SET commits = g.commits + 1 WHERE g.slot = pg_backend_pid() %% 64;%8$s
  DELETE FROM %2$s p WHERE p.xid = pg_current_xact_id();
  RETURN NULL;
END
$$, translate(log.relation::text, E'\n\r', '  '), log.log, log.id, usual, bases, locks, freshet.gate(log.log), applied);
END
$body$;

-- Logs that this transaction may have written, in the order in which every transaction locks. The server's own count of
-- inserted rows tells which ones are worth a look; it may be that of earlier transactions of the session, too.
CREATE FUNCTION freshet.written_logs(fired integer) RETURNS SETOF freshet.change_logs
LANGUAGE plpgsql STABLE ROWS 2 SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  RETURN QUERY
    SELECT l.* FROM freshet.change_logs l
    WHERE l.immediate AND l.owner = quote_ident(current_user)::regrole
      AND (l.id = fired OR pg_stat_get_xact_tuples_inserted(l.log) > 0 OR NOT current_setting('track_counts')::boolean)
    ORDER BY l.id;
END
$$;

-- True if this transaction has written other logs than this one.
CREATE FUNCTION freshet.has_written_others(fired integer) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
DECLARE
  other regclass;
  written boolean;
BEGIN
  FOR other IN SELECT l.log FROM freshet.written_logs(fired) l WHERE l.id <> fired LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s p WHERE p.xid = pg_current_xact_id())', other) INTO written;
    IF written THEN
      RETURN true;
    END IF;
  END LOOP;
  RETURN false;
END
$$;

-- Applies to every view of the current role what this transaction has changed, and deletes it from the logs. Called for
-- the trigger of a log, with the rights of its owner. The first call does it all; a later one finds nothing, unless
-- another deferred trigger has changed more rows meanwhile. Planning its queries would take longer than running them.
CREATE FUNCTION freshet.settle(fired integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = on SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  log freshet.change_logs;
  rows bigint;
  changed bigint := 0;
  written boolean;
  mark text;
  marks text[] := '{}';
  dirty integer[] := '{}';
  tables text[] := '{}';
  views freshet.materialized_views[];
  view freshet.materialized_views;
BEGIN
  FOR log IN SELECT l.* FROM freshet.written_logs(fired) l LOOP
    EXECUTE format('SELECT count(*), count(p.mark) > 0, max(nullif(p.mark, %L)) FROM %s p WHERE p.xid = pg_current_xact_id()', 'commit', log.log) INTO rows, written, mark;
    IF written THEN
      changed := changed + rows;
      dirty := dirty || log.id;
      tables := tables || log.log::text;
      marks := marks || mark;
    END IF;
  END LOOP;
  IF fired <> ALL (dirty) THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(freshet.commit_lock_class(), d) FROM unnest(dirty) d;
  SELECT array_agg(v ORDER BY v.id) INTO views FROM freshet.maintained_by(dirty) v;
  IF freshet.pass_gates(views, dirty) THEN
    FOREACH view IN ARRAY coalesce(views, '{}') LOOP
      PERFORM freshet.maintain(view, changed <= 100, dirty, marks);
    END LOOP;
  END IF;
  FOR i IN 1 .. cardinality(tables) LOOP
    EXECUTE format('DELETE FROM %s p WHERE p.xid = pg_current_xact_id()', tables[i]);
  END LOOP;
END
$$;

-- The views that changes in these logs must be applied to.
CREATE FUNCTION freshet.maintained_by(logs integer[]) RETURNS SETOF freshet.materialized_views
LANGUAGE plpgsql STABLE ROWS 2 SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  RETURN QUERY
    SELECT m.* FROM freshet.materialized_views m JOIN freshet.watermarks w ON w.view_id = m.id
    WHERE m.id IN (SELECT r.view_id FROM freshet.log_readers r WHERE r.log_id = ANY (logs))
      AND w.since IS NOT NULL AND w.failure IS NULL AND m.generation > 0 AND (NOT m.unlogged OR freshet.populated(m));
END
$$;

-- What a transaction does at the gates of the logs that concern it, in the order of their numbers: it comes in where it
-- has changed rows, and looks where the maintenance of its views reads the table. Who looks keeps others from coming in.
-- Locks: ROW EXCLUSIVE where the transaction comes in, SHARE where it looks, SHARE ROW EXCLUSIVE for both.
CREATE FUNCTION freshet.gates_to_pass(views integer[], dirty integer[]) RETURNS TABLE (gate text, enters boolean, mode text)
LANGUAGE plpgsql STABLE ROWS 2 SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  RETURN QUERY
    WITH readers AS (
      SELECT r.log_id, NOT w.linear OR r.log_id <> ALL (dirty) OR count(*) FILTER (WHERE r.log_id = ANY (dirty)) OVER (PARTITION BY r.view_id) > 1 AS looks
      FROM freshet.log_readers r JOIN freshet.watermarks w ON w.view_id = r.view_id WHERE r.view_id = ANY (views)
    )
    SELECT freshet.gate(l.log), l.id = ANY (dirty),
      CASE WHEN bool_or(r.looks) IS NOT TRUE THEN 'ROW EXCLUSIVE' WHEN l.id = ANY (dirty) THEN 'SHARE ROW EXCLUSIVE' ELSE 'SHARE' END
    FROM freshet.change_logs l LEFT JOIN readers r ON r.log_id = l.id
    WHERE l.id = ANY (dirty) OR r.looks
    GROUP BY l.id ORDER BY l.id;
END
$$;

-- Takes the locks that the maintenance of these views needs. False if they could not be had, and no view needs them any
-- more.
CREATE FUNCTION freshet.pass_gates(views freshet.materialized_views[], dirty integer[]) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
DECLARE
  gates text[];
  modes text[];
  enters boolean[];
  message text;
BEGIN
  SELECT array_agg(g.gate), array_agg(g.enters), array_agg(g.mode) INTO gates, enters, modes
  FROM freshet.gates_to_pass((SELECT array_agg(v.id) FROM unnest(views) v), dirty) g;
  BEGIN
    FOR i IN 1 .. cardinality(gates) LOOP
      EXECUTE format('LOCK TABLE %s IN %s MODE', gates[i], modes[i]);
    END LOOP;
  EXCEPTION WHEN lock_not_available THEN
    message := SQLERRM;
  END;
  IF message IS NOT NULL THEN
    PERFORM freshet.fall_back(v, '55P03', message, NULL) FROM unnest(views) v;
    RETURN false;
  END IF;
  FOR i IN 1 .. cardinality(gates) LOOP
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      PERFORM freshet.require_nobody_passed(gates[i]);
    END IF;
    IF enters[i] THEN
      EXECUTE format('UPDATE %s g SET commits = g.commits + 1 WHERE g.slot = pg_backend_pid() %% 64', gates[i]);
    END IF;
  END LOOP;
  RETURN true;
END
$$;

-- A transaction whose snapshot is older than its locks does not see what others have changed in between. They have
-- changed a row of the gate, too, so locking its rows fails.
CREATE FUNCTION freshet.require_nobody_passed(gate text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('SELECT count(*) FROM (SELECT FROM %s FOR SHARE) g', gate);
EXCEPTION WHEN serialization_failure THEN
  RAISE EXCEPTION 'could not serialize access due to a concurrent change of a table that materialized views read'
    USING ERRCODE = 'serialization_failure', DETAIL = 'The views are maintained when transactions commit, and this one began before the other had ended.',
      HINT = 'Retry the transaction.';
END
$$;

-- Applies the changes of this transaction to one view; after TRUNCATE compares the whole view.
CREATE FUNCTION freshet.maintain(view freshet.materialized_views, few boolean, dirty integer[], marks text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  sql_state text; message text; detail text;
BEGIN
  IF array_to_string(marks, '') <> '' THEN
    PERFORM freshet.heed_marks(view, few, dirty, marks);
  ELSE
    EXECUTE format('SELECT freshet_data.%I($1)', view.base_name || '_apply') USING few;
  END IF;
EXCEPTION WHEN OTHERS THEN
  IF starts_with(SQLSTATE, '40') THEN
    RAISE; -- the transaction can be tried again
  END IF;
  GET STACKED DIAGNOSTICS sql_state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
  PERFORM freshet.fall_back(view, sql_state, message, detail);
END
$$;

-- As above, where a log has a mark: the reason why it is incomplete, or 'truncate', which comes after it in the alphabet.
CREATE FUNCTION freshet.heed_marks(view freshet.materialized_views, few boolean, dirty integer[], marks text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
DECLARE
  failure text;
  truncated boolean;
BEGIN
  SELECT min(m.mark) FILTER (WHERE m.mark <> 'truncate'), bool_or(m.mark = 'truncate') INTO failure, truncated
  FROM freshet.log_readers r JOIN unnest(dirty, marks) m (log_id, mark) USING (log_id) WHERE r.view_id = view.id;
  IF failure IS NOT NULL THEN
    RAISE EXCEPTION '%', regexp_replace(failure, '^failed: ', '');
  END IF;
  IF truncated THEN
    -- Partitions that were not emptied may have writers, whose changes must be there before all rows are compared.
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', view.storage);
  END IF;
  EXECUTE format('SELECT freshet_data.%I($1)', view.base_name || CASE WHEN truncated THEN '_diff' ELSE '_apply' END) USING few AND NOT truncated;
END
$$;

-- Locks groups of a view, or other parts that have a number, until the transaction ends; the whole view where there are
-- many, since the server has room for so many locks only.
CREATE FUNCTION freshet.lock_groups(view integer, groups integer[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  one integer;
BEGIN
  IF cardinality(groups) > 256 THEN
    PERFORM pg_advisory_xact_lock(hashtext('freshet.groups'), view);
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(hashtext('freshet.groups'), view);
  FOR one IN SELECT g FROM unnest(groups) g ORDER BY g LOOP
    PERFORM pg_advisory_xact_lock(hashtext('freshet.group'), one);
  END LOOP;
END
$$;

-- What becomes of a view that could not be maintained: the write fails, or the view waits for a refresh.
CREATE FUNCTION freshet.fall_back(view freshet.materialized_views, sql_state text, message text, detail text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
DECLARE
  reason text := format('materialized view %s could not be maintained: %s', freshet.qualified(view.relation), message);
BEGIN
  IF view.options ->> 'on_error' = 'fail-write' THEN
    RAISE EXCEPTION USING ERRCODE = sql_state, MESSAGE = reason, DETAIL = coalesce(nullif(detail, ''), 'Nothing that the transaction has changed is kept.'),
      HINT = 'The option freshet.on_error = ''defer'' of the view lets such writes pass, and leaves the rest to its next refresh.';
  END IF;
  UPDATE freshet.watermarks w SET failure = format('a commit could not be applied: %s', message) WHERE w.view_id = view.id AND w.failure IS NULL;
  RAISE WARNING '%', reason USING HINT = format('It is maintained again after CALL freshet.refresh(%L).', freshet.qualified(view.relation));
END
$$;

-- The shard of this session, where groups are spread: it adds to rows of its own, which few others share.
CREATE FUNCTION freshet.own_shard(shards integer) RETURNS integer LANGUAGE sql STABLE AS 'SELECT pg_catalog.pg_backend_pid() OPERATOR(pg_catalog.%) shards';

-- A number that can be added to others and subtracted again. Called for every group that a statement touches: so names
-- are qualified, which is cheaper than to pin the search path.
CREATE FUNCTION freshet.addable(number numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF number OPERATOR(pg_catalog.=) ANY ('{NaN,Infinity,-Infinity}'::pg_catalog.numeric[]) THEN
    RAISE EXCEPTION '% cannot be subtracted again', number USING ERRCODE = 'numeric_value_out_of_range';
  END IF;
  RETURN number;
END
$$;

CREATE FUNCTION freshet.addable(number bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT number';

-- The logs by which transactions maintain these views.
CREATE FUNCTION freshet.commit_logs(views integer[]) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  RETURN (SELECT array_agg(DISTINCT l.id ORDER BY l.id) FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id AND l.immediate WHERE r.view_id = ANY (views));
END
$$;

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

-- Holds back the writers of views that are to be computed as a whole, before the snapshot of a refresh.
CREATE FUNCTION freshet.hold_back_writers(views integer[], strategy text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  logs constant integer[] := freshet.commit_logs(ARRAY(SELECT m.id FROM freshet.materialized_views m
    WHERE m.id = ANY (views) AND freshet.is_immediate(m) AND (strategy <> 'auto' OR freshet.incremental_obstacle(m) IS NOT NULL)));
BEGIN
  FOR attempt IN 1 .. 20 LOOP
    IF freshet.hold_back(logs) THEN
      RETURN;
    END IF;
    PERFORM pg_sleep(0.05 + 0.15 * random());
  END LOOP;
  RAISE EXCEPTION 'transactions that maintain the materialized views did not end'
    USING ERRCODE = 'lock_not_available', HINT = 'Try again when they have ended, or look for a prepared transaction.';
END
$$;

-- Where groups have several rows, removes those of groups that are no more; returns how many.
CREATE FUNCTION freshet.fold_shards(view freshet.materialized_views) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  folded bigint := 0;
BEGIN
  IF to_regprocedure(format('freshet_data.%I()', view.base_name || '_fold')) IS NOT NULL THEN
    EXECUTE format('SELECT freshet_data.%I()', view.base_name || '_fold') INTO folded;
  END IF;
  RETURN folded;
END
$$;

-- A refresh of a view that is maintained finds nothing to do, but for what emptied groups have left in shards. One that
-- is not, or whose whole query is asked for, is compared while writers are held back.
CREATE FUNCTION freshet.catch_up(view freshet.materialized_views, work freshet.work) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  obstacle constant text := freshet.incremental_obstacle(view);
  folded bigint;
BEGIN
  IF work.strategy IN ('auto', 'incremental', 'on-commit', 'eager') AND obstacle IS NULL AND freshet.populated(view) THEN
    folded := freshet.fold_shards(view);
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

-- True if this session holds back the writers of a log.
CREATE FUNCTION freshet.holds_back(log integer) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
    WHERE l.pid = pg_backend_pid() AND l.locktype = 'advisory' AND l.objsubid = 2 AND l.mode = 'ExclusiveLock' AND l.granted
      AND l.objid = log::oid AND l.classid = (freshet.commit_lock_class()::bigint & 4294967295)::oid)
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
  ELSIF freshet.is_immediate(view) AND obstacle IS NULL OR NOT immediate THEN
    RETURN obstacle IS NULL;
  ELSIF freshet.is_incremental(view) AND obstacle IS NULL THEN
    EXECUTE format('SELECT freshet_data.%I($1, $2, $3, NULL)', view.base_name || '_increment') USING mark.since, mark.own, mark.refreshed_at;
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
      WHEN w.linear THEN concat('transactions wait for one another at COMMIT if they ', CASE WHEN t.tables > 1 THEN 'have changed different tables, or ' END,
        'touch a group in common', CASE WHEN spread THEN ' and share a shard' END)
      ELSE 'transactions that have changed a table of it wait for one another at COMMIT' END
    FROM freshet.watermarks w CROSS JOIN LATERAL (SELECT count(*) AS tables FROM freshet.log_readers r WHERE r.view_id = w.view_id) t
    WHERE w.view_id = view.id AND freshet.is_immediate(view));
END
$$;
