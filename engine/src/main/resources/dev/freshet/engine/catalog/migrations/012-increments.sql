-- Incremental refresh: whether it is possible, up to where it has come, and what is done when it is not.

-- Transaction numbers mean something on one server, in one database and one log. A restored dump brings old ones along.
CREATE FUNCTION freshet.log_epoch(log regclass) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (
    SELECT concat_ws('/', s.system_identifier, d.oid, log::oid) FROM pg_control_system() s, pg_database d WHERE d.datname = current_database());
END
$$;

CREATE FUNCTION freshet.view_epoch(view integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (
    SELECT concat_ws('/', s.system_identifier, d.oid,
      (SELECT string_agg(l.log::oid::text, '/' ORDER BY l.id) FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id WHERE r.view_id = view))
    FROM pg_control_system() s, pg_database d WHERE d.datname = current_database());
END
$$;

-- What the generated functions of a view rely on. They stay right while all of it holds, whatever comes in addition.
CREATE FUNCTION freshet.facts(view freshet.materialized_views) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (
    WITH captured AS (
      SELECT l.relation, a.* FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id
      JOIN pg_attribute a ON a.attrelid = l.relation AND a.attname = ANY (r.columns) AND a.attnum > 0 AND NOT a.attisdropped
      WHERE r.view_id = view.id
    ), facts (fact) AS (
      SELECT format('column %I of table %s is number %s of type %s%s', c.attname, c.relation, c.attnum, format_type(c.atttypid, c.atttypmod),
        CASE WHEN c.attcollation <> 0 THEN ' with collation ' || c.attcollation::regcollation END)
      FROM captured c
      UNION ALL
      SELECT format('column %I of table %s is not null', c.attname, c.relation) FROM captured c WHERE c.attnotnull
      UNION ALL
      SELECT format('(%s) is a key of table %s', k.columns, l.relation)
      FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id
      JOIN pg_index i ON i.indrelid = l.relation AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
      CROSS JOIN LATERAL (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns, bool_and(a.attname = ANY (r.columns)) AS read
        FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])) k
      WHERE r.view_id = view.id AND k.read
        -- what inherits from a table has keys of its own
        AND (NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = l.relation) OR EXISTS (SELECT FROM pg_class c WHERE c.oid = l.relation AND c.relkind = 'p'))
    )
    SELECT coalesce(array_agg(DISTINCT f.fact), '{}') || freshet.facts_of_views(view) FROM facts f);
END
$$;

CREATE FUNCTION freshet.facts_of_views(view freshet.materialized_views) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (
    SELECT coalesce(array_agg(format('plain view %s is %s', freshet.qualified(c.oid), md5(pg_get_viewdef(c.oid)))), '{}')
    FROM freshet.relations_read(view.definition) r JOIN pg_class c ON c.oid = r.relation AND c.relkind = 'v' WHERE r.view_id IS NULL);
END
$$;

-- A standby has no unlogged tables, and so none of their views either.
CREATE FUNCTION freshet.has_unlogged_watermark(view integer) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF pg_is_in_recovery() THEN
    RETURN false;
  END IF;
  RETURN EXISTS (SELECT FROM freshet.unlogged_watermarks u WHERE u.view_id = view);
END
$$;

-- What a query is made of besides tables, told by a plain view of it: the rewrite rules of that and of the plain views that
-- it reads, and the functions that these call, also through operators, casts and aggregates, apart from those of PostgreSQL itself.
-- Every object is looked up by its index, however few rows the statistics of a small catalog promise: OFFSET 0.
-- `called`: only what runs with the query. What plans it, and what functions call that promise to be IMMUTABLE, is left out.
CREATE FUNCTION freshet.code_of(definition oid, called boolean DEFAULT false) RETURNS TABLE (classid oid, objid oid)
LANGUAGE plpgsql STABLE ROWS 2 SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    WITH RECURSIVE code (classid, objid) AS (
      SELECT 'pg_rewrite'::regclass::oid, w.oid FROM pg_rewrite w WHERE w.ev_class = definition
      UNION
      SELECT used.classid, used.objid
      FROM code c CROSS JOIN LATERAL (
        SELECT CASE WHEN w.oid IS NULL THEN d.refclassid ELSE d.classid END AS classid, coalesce(w.oid, d.refobjid) AS objid
        FROM pg_depend d LEFT JOIN pg_rewrite w ON d.refclassid = 'pg_class'::regclass AND w.ev_class = d.refobjid
        WHERE d.classid = c.classid AND d.objid = c.objid AND (d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass)
          OR w.oid IS NOT NULL AND NOT EXISTS (SELECT FROM freshet.materialized_views m WHERE m.relation = d.refobjid))
          AND (NOT called OR CASE c.classid
            WHEN 'pg_operator'::regclass THEN d.refobjid = (SELECT o.oprcode FROM pg_operator o WHERE o.oid = c.objid)
            WHEN 'pg_proc'::regclass THEN (SELECT p.prokind = 'a' FROM pg_proc p WHERE p.oid = c.objid)
            ELSE true END) OFFSET 0) used
    )
    SELECT c.classid, c.objid FROM code c WHERE c.classid <> 'pg_operator'::regclass;
END
$$;

-- The functions among that.
CREATE FUNCTION freshet.functions_called(view freshet.materialized_views) RETURNS SETOF oid
LANGUAGE plpgsql STABLE ROWS 2 SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY SELECT c.objid FROM freshet.code_of(view.definition) c WHERE c.classid = 'pg_proc'::regclass;
END
$$;

-- All that a refresh relies on besides the rows, as it stands: what the facts above tell, in fewer words; and what may
-- change without a trace in the logs and is right again after a full refresh: partitions, triggers (also one that was
-- disabled for a while: that leaves a new row version), the functions that the query calls, the expressions of
-- generated columns, and unlogged tables. Every refresh asks for it, so it is one statement, whose parts look up what they
-- need by its index.
CREATE FUNCTION freshet.fingerprint(view freshet.materialized_views) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (
    SELECT md5(concat_ws(E'\n', s.system_identifier, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()),
      CASE WHEN freshet.has_unlogged_watermark(view.id) THEN 'unlogged' END,
      (SELECT string_agg(concat_ws(E'\n', l.relation, l.log::oid,
          -- Triggers call the other functions of a log, and go with them.
          to_regproc(format('freshet_data.%I', c.relname || '_pending'))::oid, to_regproc(format('freshet_data.%I', c.relname || '_prune'))::oid,
          to_regproc(format('freshet_data.%I', c.relname || '_settle'))::oid, k.columns, k.keys, m.members,
          (SELECT string_agg(concat('part of ', i.inhparent), ', ' ORDER BY i.inhparent) FROM pg_inherits i WHERE i.inhrelid = l.relation)), E'\n' ORDER BY l.id)
        FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id JOIN pg_class c ON c.oid = l.log
        CROSS JOIN LATERAL (
          SELECT string_agg(concat_ws(' ', a.attname, a.attnum, format_type(a.atttypid, a.atttypmod), a.attcollation, a.attnotnull), ', ' ORDER BY a.attnum) AS columns,
            (SELECT string_agg(DISTINCT i.indkey::text, ', ') FROM pg_index i
              WHERE i.indrelid = l.relation AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
                AND (i.indkey::int2[])[0:i.indnkeyatts - 1] <@ array_agg(a.attnum)) AS keys
          FROM pg_attribute a WHERE a.attrelid = l.relation AND a.attname = ANY (r.columns) AND a.attnum > 0 AND NOT a.attisdropped) k
        CROSS JOIN LATERAL (
          SELECT string_agg(concat_ws(' ', t.member::oid, (SELECT c.relpersistence FROM pg_class c WHERE c.oid = t.member),
            (SELECT string_agg(concat_ws(' ', a.attname, d.oid), ', ' ORDER BY a.attname) FROM pg_attrdef d
              JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated <> '' AND a.attname = ANY (r.columns)
              WHERE d.adrelid = t.member),
            (SELECT string_agg(concat_ws(' ', g.tgname, g.xmin), ', ' ORDER BY g.tgname) FROM pg_trigger g
              WHERE g.tgrelid = t.member AND starts_with(g.tgname::text, format('freshet_capture_%s_', l.id)))), E'\n' ORDER BY t.member) AS members
          FROM freshet.captured_tables(l.relation) t) m
        WHERE r.view_id = view.id),
      (SELECT string_agg(CASE c.classid WHEN 'pg_proc'::regclass THEN (SELECT concat_ws(' ', p.oid, p.xmin) FROM pg_proc p WHERE p.oid = c.objid)
          ELSE (SELECT concat_ws(' ', w.ev_class::regclass, md5(pg_get_viewdef(w.ev_class))) FROM pg_rewrite w WHERE w.oid = c.objid AND w.ev_class <> view.definition) END,
          E'\n' ORDER BY c.classid, c.objid)
        FROM freshet.code_of(view.definition) c)))
    FROM pg_control_system() s);
END
$$;

-- True if the view has the function that applies captured changes.
CREATE FUNCTION freshet.is_incremental(view freshet.materialized_views) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN to_regproc(format('freshet_data.%I', view.base_name || '_increment')) IS NOT NULL;
END
$$;

-- What the functions of a view rely on and is so no longer, in words; NULL if all of it is.
CREATE FUNCTION freshet.lost_fact(view freshet.materialized_views) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (SELECT format('it is no longer so that %s', regexp_replace(f, ' is [0-9a-f]{32}$', ' is as it was')) FROM freshet.watermarks w CROSS JOIN unnest(w.facts) f
    WHERE w.view_id = view.id AND f <> ALL ((SELECT freshet.facts(view))::text[]) ORDER BY f DESC LIMIT 1); -- asked once
END
$$;

-- What keeps a view from incremental refreshes until its file is applied again, or NULL.
CREATE FUNCTION freshet.capture_fault(view freshet.materialized_views) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  log freshet.change_logs;
  fault text;
BEGIN
  FOR log IN SELECT l.* FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id WHERE r.view_id = view.id ORDER BY l.id LOOP
    fault := CASE
      WHEN NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = log.relation) THEN 'a table that it reads was dropped or replaced'
      WHEN NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = log.log) OR (SELECT count(*) FROM freshet.functions_of_log(log.log)) < CASE WHEN log.immediate THEN 7 ELSE 9 END
        THEN format('the change log of table %s is gone', log.relation)
      WHEN log.owner <> (SELECT c.relowner FROM pg_class c WHERE c.oid = view.relation)
        THEN format('the change log of table %s belongs to another role', log.relation)
      ELSE coalesce(
        CASE WHEN freshet.is_part(log.relation) THEN format('table %s is a part of another one, whose statements change it without its triggers', log.relation) END,
        (SELECT format('a capture trigger on table %s is missing or disabled', t.member) FROM freshet.uncaptured_tables(log) t LIMIT 1),
        (SELECT format('table %s is no part of %s any more, but its changes are still captured', t.member, log.relation) FROM freshet.detached_tables(log) t LIMIT 1)) END;
    IF fault IS NOT NULL THEN
      RETURN fault;
    END IF;
  END LOOP;
  RETURN freshet.lost_fact(view);
END
$$;

-- What has changed besides the rows since the last refresh of a view, whose fingerprint was another one.
CREATE FUNCTION freshet.changed_besides_rows(view freshet.materialized_views, mark freshet.watermarks) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE
    WHEN mark.epoch <> freshet.view_epoch(view.id) THEN 'its last refresh was on another server or in another database'
    WHEN freshet.reads_unlogged(view.id) AND NOT EXISTS (SELECT FROM freshet.unlogged_watermarks u WHERE u.view_id = view.id)
      THEN 'a crash has emptied an unlogged table that it reads'
    ELSE coalesce(freshet.capture_fault(view) || ' (apply its file again)', 'a partition, a capture trigger or a function that it depends on has changed') END;
END
$$;

-- Why the captured changes cannot bring a view up to date, or NULL; and how many rows have changed since its refresh.
CREATE FUNCTION freshet.captured(view freshet.materialized_views, OUT obstacle text, OUT pending bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  mark freshet.watermarks;
  log record;
  waiting bigint;
  gap text;
BEGIN
  SELECT w.* INTO mark FROM freshet.watermarks w WHERE w.view_id = view.id;
  IF mark.failure IS NOT NULL THEN
    obstacle := mark.failure;
    RETURN;
  ELSIF mark.since IS NULL THEN
    obstacle := CASE WHEN mark.refreshed_at IS NULL THEN 'no refresh has succeeded since its changes are captured'
      ELSE 'the changes since its last refresh were not kept, because it needed the whole query anyway' END;
    RETURN;
  ELSIF mark.fingerprint IS DISTINCT FROM freshet.fingerprint(view) THEN
    obstacle := freshet.changed_besides_rows(view, mark);
    RETURN;
  END IF;
  pending := 0;
  FOR log IN SELECT l.*, c.relname FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id JOIN pg_class c ON c.oid = l.log
    WHERE r.view_id = view.id AND NOT l.immediate ORDER BY l.id
  LOOP
    EXECUTE format('SELECT p.rows, p.gap FROM freshet_data.%I($1, $2) p', log.relname || '_pending') INTO waiting, gap USING mark.since, mark.own;
    pending := pending + waiting;
    obstacle := CASE
      WHEN gap IS NULL AND log.incomplete_until < pg_snapshot_xmin(mark.since) THEN NULL
      WHEN gap = 'truncate' THEN format('table %s was truncated', log.relation)
      WHEN gap = 'moved' THEN format('MERGE has moved rows of table %s to other partitions', log.relation)
      WHEN gap = 'capture' THEN format('capture of table %s has only begun', log.relation)
      WHEN gap = 'closed' OR gap IS NULL THEN format('some changes of table %s were not captured, when more than %s waited', log.relation, log.most_rows)
      ELSE format('a change of table %s could not be captured: %s', log.relation, gap) END;
    EXIT WHEN obstacle IS NOT NULL;
  END LOOP;
  pending := CASE WHEN obstacle IS NULL THEN pending END;
END
$$;

-- What a function that reads pending changes must know of the last refresh. `complete`: no log has been closed since.
CREATE FUNCTION freshet.read_mark(view integer, OUT since pg_snapshot, OUT own xid8, OUT clock timestamptz, OUT fingerprint text, OUT complete boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  SELECT w.since, w.own, w.refreshed_at, w.fingerprint, w.since IS NOT NULL AND NOT EXISTS (
      SELECT FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id
      WHERE r.view_id = view AND l.incomplete_until >= pg_snapshot_xmin(w.since))
  INTO since, own, clock, fingerprint, complete
  FROM freshet.watermarks w WHERE w.view_id = view;
END
$$;

-- True if a partition or child of a table has another file than this snapshot knows: one that a TRUNCATE or a rewrite
-- made since, which hides rows from it.
CREATE FUNCTION freshet.has_rewritten_parts(relation oid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM freshet.captured_tables(relation) t JOIN pg_class c ON c.oid = t.member
    WHERE c.relfilenode NOT IN (0, pg_relation_filenode(c.oid)));
END
$$;

-- The fingerprint of a view as this snapshot sees it.
CREATE FUNCTION freshet.present_fingerprint(view integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  RETURN (SELECT freshet.fingerprint(m) FROM freshet.materialized_views m WHERE m.id = view);
END
$$;

-- VOLATILE, so that it looks with a snapshot of its own.
CREATE FUNCTION freshet.latest_fingerprint(view integer) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  RETURN (SELECT freshet.fingerprint(m) FROM freshet.materialized_views m WHERE m.id = view);
END
$$;

-- The fingerprint of a view, evaluated while a query that reads its tables and logs is planned: declared IMMUTABLE for
-- that. It stays right for as long as the plan lives, since whatever changes the fingerprint discards the plan. NULL where
-- that is not certain: a snapshot from before a change outlives it in REPEATABLE READ, a function can be called by one that
-- the plan knows, and unlogged tables are emptied. present_fingerprint is asked at each execution then.
CREATE FUNCTION freshet.planned_fingerprint(view integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  RETURN CASE WHEN current_setting('transaction_isolation') = 'read committed' AND NOT EXISTS (SELECT FROM freshet.functions_called(m)) AND NOT freshet.reads_unlogged(view)
    THEN freshet.latest_fingerprint(view) END
  FROM freshet.materialized_views m WHERE m.id = view;
END
$$;

CREATE FUNCTION freshet.incremental_obstacle(view freshet.materialized_views) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.obstacle FROM freshet.captured(view) c
$$;

CREATE FUNCTION freshet.reads_unlogged(view integer) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (
    SELECT EXISTS (SELECT FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id CROSS JOIN LATERAL freshet.captured_tables(l.relation) t
      JOIN pg_class c ON c.oid = t.member AND c.relpersistence = 'u' WHERE r.view_id = view));
END
$$;

-- Notes that a view reads these logs, and what its functions rely on. `columns` holds for each log a JSON array of the
-- names that the view needs. The watermark is kept where the view has already read all of that.
CREATE FUNCTION freshet.register_reader(view integer, logs integer[], columns jsonb[], linear boolean, timed boolean) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kept boolean;
  wanted record;
BEGIN
  SELECT count(*) = cardinality(logs) AND count(*) = (SELECT count(*) FROM freshet.log_readers r WHERE r.view_id = view) INTO kept
  FROM unnest(logs, columns) n (log_id, names) JOIN freshet.log_readers r ON r.view_id = view AND r.log_id = n.log_id
    AND r.columns @> ARRAY(SELECT e::name FROM jsonb_array_elements_text(n.names) e);
  DELETE FROM freshet.log_readers r WHERE r.view_id = view;
  INSERT INTO freshet.log_readers (view_id, log_id, columns)
  SELECT view, n.log_id, ARRAY(SELECT e::name FROM jsonb_array_elements_text(n.names) e) FROM unnest(logs, columns) n (log_id, names);
  INSERT INTO freshet.watermarks AS w (view_id, facts, linear, timed)
  SELECT m.id, freshet.facts(m), register_reader.linear, register_reader.timed FROM freshet.materialized_views m WHERE m.id = view
  ON CONFLICT (view_id) DO UPDATE SET facts = excluded.facts, linear = excluded.linear, timed = excluded.timed,
    since = CASE WHEN kept THEN w.since END, refreshed_at = CASE WHEN kept THEN w.refreshed_at END;
  PERFORM freshet.arm_log(l.log) FROM freshet.change_logs l WHERE l.id = ANY (freshet.logs_below(logs)) AND l.immediate;
END
$$;

-- Notes that a view reads no log any more.
CREATE FUNCTION freshet.unregister_reader(view integer) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM freshet.log_readers r WHERE r.view_id = view;
  DELETE FROM freshet.watermarks w WHERE w.view_id = view;
  DELETE FROM freshet.unlogged_watermarks u WHERE u.view_id = view
$$;

-- Moves the watermark of an incremental view to the snapshot of this transaction, with which its content was computed.
-- In READ COMMITTED there is no such snapshot: then the next refresh compares everything.
CREATE FUNCTION freshet.note_watermark(view integer, incremental boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  exact constant boolean := current_setting('transaction_isolation') IN ('repeatable read', 'serializable');
BEGIN
  UPDATE freshet.watermarks w
  SET since = CASE WHEN exact THEN pg_current_snapshot() END, own = pg_current_xact_id(),
      refreshed_at = CASE WHEN exact THEN transaction_timestamp() END, failure = CASE WHEN incremental THEN w.failure END
  WHERE w.view_id = view;
  IF FOUND AND NOT incremental THEN
    PERFORM freshet.note_surroundings(m) FROM freshet.materialized_views m WHERE m.id = view;
  END IF;
END
$$;

-- Notes the state of all that a view depends on besides the rows: after a full refresh none of it matters any more, apart
-- from what a refresh cannot mend.
CREATE FUNCTION freshet.note_surroundings(view freshet.materialized_views) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  log record;
BEGIN
  IF freshet.reads_unlogged(view.id) THEN
    INSERT INTO freshet.unlogged_watermarks VALUES (view.id) ON CONFLICT DO NOTHING;
  END IF;
  UPDATE freshet.watermarks w
  SET epoch = freshet.view_epoch(view.id), fingerprint = CASE WHEN freshet.capture_fault(view) IS NULL THEN freshet.fingerprint(view) END
  WHERE w.view_id = view.id;
  PERFORM freshet.leave_replaced();
  -- Rows that a dump has brought along from another server bear numbers of transactions that are yet to come here.
  FOR log IN SELECT l.id, l.immediate, c.relname FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id JOIN pg_class c ON c.oid = l.log
    WHERE r.view_id = view.id AND l.epoch <> freshet.log_epoch(l.log)
  LOOP
    EXECUTE format(CASE WHEN log.immediate THEN 'DELETE FROM freshet_data.%1$I' ELSE 'SELECT freshet_data.%2$I(NULL, true)' END, log.relname, log.relname || '_prune');
    UPDATE freshet.change_logs l SET epoch = freshet.log_epoch(l.log), incomplete_until = '0', pruned_to = NULL WHERE l.id = log.id;
  END LOOP;
END
$$;

-- The storage of a view with hidden columns is computed from text that holds the plain views below as they were.
CREATE FUNCTION freshet.require_plain_views(view freshet.materialized_views) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  changed text := (SELECT substring(f FROM '(.*) is ') FROM freshet.watermarks w CROSS JOIN unnest(w.facts) f
    WHERE w.view_id = view.id AND starts_with(f, 'plain view ') AND f <> ALL (freshet.facts_of_views(view)) LIMIT 1);
BEGIN
  IF changed IS NOT NULL THEN
    RAISE EXCEPTION '%, which materialized view % reads, was replaced', changed, freshet.qualified(view.relation)
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Apply the file of the materialized view again.';
  END IF;
END
$$;

-- Captures the changes of new partitions and children, and no longer those of detached ones, as far as the current role
-- may. A trigger that somebody has disabled stays so.
CREATE FUNCTION freshet.mend_log(log freshet.change_logs) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  captured regclass;
  trigger_name name;
BEGIN
  FOR captured IN
    SELECT u.member FROM freshet.uncaptured_tables(log) u
    WHERE has_table_privilege(u.member, 'TRIGGER')
      AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = u.member AND g.tgname = freshet.capture_trigger(log.id, 'insert'))
  LOOP
    PERFORM freshet.create_triggers(log.id, captured);
  END LOOP;
  FOR captured, trigger_name IN
    SELECT d.member, g.tgname FROM freshet.detached_tables(log) d JOIN pg_trigger g ON g.tgrelid = d.member
      AND g.tgname = ANY (freshet.capture_triggers(log.id))
    WHERE freshet.owns(d.member)
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', trigger_name, captured);
  END LOOP;
END
$$;

-- Looks after the logs that these refreshes read: deletes what every view has seen, and mends the capture after a refresh
-- that could not rely on it. Runs in a transaction of its own, READ COMMITTED; whatever fails waits for the next one.
CREATE FUNCTION freshet.tend_logs(refreshes bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '40ms' AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT l AS log, bool_or(h.strategy <> 'incremental') AS to_mend
    FROM freshet.refresh_history h JOIN freshet.log_readers r ON r.view_id = h.view_id JOIN freshet.change_logs l ON l.id = r.log_id
    WHERE h.id = ANY (refreshes) AND h.outcome = 'succeeded' AND h.pending IS DISTINCT FROM 0
      AND pg_has_role(l.owner, 'USAGE') AND NOT freshet.endangers(l.owner)
    GROUP BY l.id ORDER BY l.id
  LOOP
    BEGIN
      IF one.to_mend THEN
        PERFORM freshet.mend_log(one.log);
      END IF;
    EXCEPTION WHEN OTHERS THEN
      NULL;
    END;
    CONTINUE WHEN (one.log).immediate; -- commits leave nothing in it
    BEGIN
      PERFORM freshet.prune_log(one.log);
    EXCEPTION WHEN OTHERS THEN
      NULL;
    END;
  END LOOP;
END
$$;

-- A view that must run its whole query anyway does not hold rows back; its watermark goes, so that it cannot forget that.
-- Where many rows wait, that is asked of those that hold back most, until one of them really needs its rows.
CREATE FUNCTION freshet.prune_log(log freshet.change_logs) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  log_name constant name := (SELECT c.relname FROM pg_class c WHERE c.oid = log.log);
  closed constant boolean := pg_sequence_last_value(format('freshet_data.%I', log_name || '_closed')::regclass) IS NOT DISTINCT FROM 2;
  big constant boolean := closed OR pg_relation_size(log.log) > 8388608;
  reader record;
  horizon text;
BEGIN
  IF NOT pg_try_advisory_xact_lock(freshet.log_lock_class(), log.id) THEN
    RETURN;
  END IF;
  FOR reader IN
    SELECT m AS view, w.since FROM freshet.log_readers r JOIN freshet.materialized_views m ON m.id = r.view_id
    JOIN freshet.watermarks w ON w.view_id = m.id WHERE r.log_id = log.id ORDER BY pg_snapshot_xmin(w.since) NULLS FIRST, m.id
  LOOP
    PERFORM freshet.trust(reader.view);
    IF reader.since IS NULL OR big AND freshet.incremental_obstacle(reader.view) IS NOT NULL THEN
      IF NOT pg_try_advisory_xact_lock(freshet.lock_class(), (reader.view).id) THEN
        RETURN; -- its refresh is under way, with a snapshot that is not known here
      END IF;
      UPDATE freshet.watermarks w SET since = NULL WHERE w.view_id = (reader.view).id AND w.since IS NOT NULL;
    ELSIF NOT closed THEN
      EXIT;
    END IF;
  END LOOP;
  -- Whoever found the log closed and left no trace has a lower number than the first transaction after the one that
  -- opens it. Until that has come, all numbers count as incomplete.
  UPDATE freshet.change_logs l SET incomplete_until = CASE WHEN closed THEN '9223372036854775807'::xid8 ELSE pg_current_xact_id() END
  WHERE l.id = log.id AND (closed OR l.incomplete_until = '9223372036854775807'::xid8);
  SELECT coalesce(min(pg_snapshot_xmin(w.since)::text::bigint)::text, pg_snapshot_xmin(pg_current_snapshot())::text) INTO horizon
  FROM freshet.log_readers r JOIN freshet.watermarks w ON w.view_id = r.view_id WHERE r.log_id = log.id;
  IF closed OR horizon::xid8 IS DISTINCT FROM log.pruned_to THEN
    EXECUTE format('SELECT freshet_data.%I($1, $2)', log_name || '_prune') USING horizon::xid8, closed;
    UPDATE freshet.change_logs l SET pruned_to = horizon::xid8 WHERE l.id = log.id AND big;
  END IF;
END
$$;
