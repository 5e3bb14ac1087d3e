-- Change logs: which rows of a table have changed, for the views that are refreshed incrementally.
-- See docs/decisions/004-change-logs.md.

CREATE TABLE freshet.change_logs (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  relation regclass NOT NULL,
  owner regrole NOT NULL,
  log regclass NOT NULL UNIQUE,
  columns jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(columns) = 'object'),
  most_rows bigint NOT NULL,
  epoch text NOT NULL,
  incomplete_until xid8 NOT NULL DEFAULT '0',
  pruned_to xid8,
  immediate boolean NOT NULL DEFAULT false,
  eager boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX change_logs_by_relation ON freshet.change_logs (relation, owner, immediate) WHERE NOT eager;
COMMENT ON TABLE freshet.change_logs IS 'Tables whose changes are captured: one log for each table and each role that owns views on it';
COMMENT ON COLUMN freshet.change_logs.id IS 'Number of the log; part of the names of its objects in schema freshet_data and of its triggers';
COMMENT ON COLUMN freshet.change_logs.relation IS 'Table whose changes are captured, with its partitions and children';
COMMENT ON COLUMN freshet.change_logs.owner IS 'Owner of the log, of its functions and of the views that read it';
COMMENT ON COLUMN freshet.change_logs.log IS 'Table with the captured rows';
COMMENT ON COLUMN freshet.change_logs.columns IS 'Columns of the table that are captured, each with its column in the log';
COMMENT ON COLUMN freshet.change_logs.most_rows IS 'Rows that may wait in the log; past it the log is closed until the views that read it were refreshed in full';
COMMENT ON COLUMN freshet.change_logs.epoch IS 'Server, database and table that the transaction numbers in the log belong to';
COMMENT ON COLUMN freshet.change_logs.incomplete_until IS 'Changes of transactions up to this number may be missing, because the log was closed';
COMMENT ON COLUMN freshet.change_logs.pruned_to IS 'Changes of transactions below this number were deleted when the log was last read for that; not noted while it is small';
COMMENT ON COLUMN freshet.change_logs.immediate IS 'Its rows are applied and deleted when the transaction commits that wrote them';
COMMENT ON COLUMN freshet.change_logs.eager IS 'Its triggers apply changes to its only view; its rows are marks alone';
COMMENT ON COLUMN freshet.change_logs.created_at IS 'When the log was created';

CREATE TABLE freshet.log_readers (
  view_id integer NOT NULL REFERENCES freshet.materialized_views ON DELETE CASCADE,
  log_id integer NOT NULL REFERENCES freshet.change_logs,
  columns name[] NOT NULL,
  PRIMARY KEY (view_id, log_id)
);
CREATE INDEX log_readers_by_log ON freshet.log_readers (log_id);
COMMENT ON TABLE freshet.log_readers IS 'Which views read which change logs';
COMMENT ON COLUMN freshet.log_readers.view_id IS 'The view';
COMMENT ON COLUMN freshet.log_readers.log_id IS 'The log';
COMMENT ON COLUMN freshet.log_readers.columns IS 'Columns of the table that the view needs';

CREATE TABLE freshet.watermarks (
  view_id integer PRIMARY KEY REFERENCES freshet.materialized_views ON DELETE CASCADE,
  facts text[] NOT NULL,
  since pg_snapshot,
  own xid8,
  refreshed_at timestamptz,
  epoch text,
  fingerprint text,
  linear boolean NOT NULL DEFAULT false,
  timed boolean NOT NULL DEFAULT true,
  failure text
);
COMMENT ON TABLE freshet.watermarks IS 'Up to where each incremental view has seen the changes';
COMMENT ON COLUMN freshet.watermarks.view_id IS 'The view';
COMMENT ON COLUMN freshet.watermarks.facts IS 'What its generated functions rely on: columns, keys and plain views as they were when it was applied';
COMMENT ON COLUMN freshet.watermarks.since IS 'Snapshot of its last refresh; NULL until the first one after it was applied';
COMMENT ON COLUMN freshet.watermarks.own IS 'Transaction of its last refresh, which has seen its own changes besides';
COMMENT ON COLUMN freshet.watermarks.refreshed_at IS 'The clock of that transaction';
COMMENT ON COLUMN freshet.watermarks.epoch IS 'Server, database and logs that the snapshot belongs to';
COMMENT ON COLUMN freshet.watermarks.fingerprint IS 'Partitions, triggers and functions as they were at its last refresh';
COMMENT ON COLUMN freshet.watermarks.linear IS 'What a change of one table does to the view depends on the other tables only';
COMMENT ON COLUMN freshet.watermarks.timed IS 'The view changes as time passes, without a change of a table';
COMMENT ON COLUMN freshet.watermarks.failure IS 'Why commits no longer maintain the view, until a refresh has compared everything; NULL while they do';

CREATE UNLOGGED TABLE freshet.unlogged_watermarks (
  view_id integer PRIMARY KEY REFERENCES freshet.materialized_views ON DELETE CASCADE
);
COMMENT ON TABLE freshet.unlogged_watermarks IS 'Incremental views over unlogged tables: a crash empties these and this one together';
COMMENT ON COLUMN freshet.unlogged_watermarks.view_id IS 'The view';

ALTER TABLE freshet.change_logs ENABLE ROW LEVEL SECURITY;
CREATE POLICY anybody_reads ON freshet.change_logs FOR SELECT USING (true);
CREATE POLICY owner_writes ON freshet.change_logs USING (pg_catalog.pg_has_role(owner, 'USAGE'))
  WITH CHECK (pg_catalog.pg_has_role(owner, 'USAGE') AND pg_catalog.has_schema_privilege('freshet_data', 'CREATE'));
ALTER TABLE freshet.log_readers ENABLE ROW LEVEL SECURITY;
CREATE POLICY anybody_reads ON freshet.log_readers FOR SELECT USING (true);
CREATE POLICY owner_writes ON freshet.log_readers USING (freshet.owns(view_id)) WITH CHECK (freshet.owns(view_id));
ALTER TABLE freshet.watermarks ENABLE ROW LEVEL SECURITY;
CREATE POLICY anybody_reads ON freshet.watermarks FOR SELECT USING (true);
CREATE POLICY owner_writes ON freshet.watermarks USING (freshet.owns(view_id)) WITH CHECK (freshet.owns(view_id));
ALTER TABLE freshet.unlogged_watermarks ENABLE ROW LEVEL SECURITY;
CREATE POLICY anybody_reads ON freshet.unlogged_watermarks FOR SELECT USING (true);
CREATE POLICY owner_writes ON freshet.unlogged_watermarks USING (freshet.owns(view_id)) WITH CHECK (freshet.owns(view_id));
GRANT SELECT, INSERT, UPDATE, DELETE
  ON freshet.change_logs, freshet.log_readers, freshet.watermarks, freshet.unlogged_watermarks TO PUBLIC;
GRANT USAGE ON SEQUENCE freshet.change_logs_id_seq TO PUBLIC;

-- Keeps a log from being pruned or dropped: shared by a session that makes a view which is to read it, exclusive for
-- one that prunes or drops it.
CREATE FUNCTION freshet.log_lock_class() RETURNS integer LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT hashtext('freshet.change_log')
$$;

-- Functions that are generated for a log.
CREATE FUNCTION freshet.functions_of_log(log regclass) RETURNS SETOF pg_proc
LANGUAGE plpgsql STABLE ROWS 6 SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
    SELECT p.* FROM pg_class c, pg_proc p
    WHERE c.oid = log AND c.relnamespace = 'freshet_data'::regnamespace AND p.pronamespace = c.relnamespace
      AND p.proname = ANY (ARRAY[c.relname || '_insert', c.relname || '_update', c.relname || '_delete', c.relname || '_truncate', c.relname || '_replica',
        c.relname || '_moving', c.relname || '_moved', c.relname || '_pending', c.relname || '_prune', c.relname || '_settle']::name[]);
END
$$;

CREATE FUNCTION freshet.functions_of_logs(view freshet.materialized_views) RETURNS SETOF pg_proc
LANGUAGE plpgsql STABLE ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
    SELECT f.* FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id CROSS JOIN LATERAL freshet.functions_of_log(l.log) f
    WHERE r.view_id = view.id;
END
$$;

-- A table with its partitions or children: a statement fires only the triggers of the table that it names.
CREATE FUNCTION freshet.captured_tables(relation regclass) RETURNS TABLE (member regclass)
LANGUAGE plpgsql STABLE ROWS 5 SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    WITH RECURSIVE members (member) AS (
      SELECT relation::oid
      UNION
      SELECT i.inhrelid FROM members m JOIN pg_inherits i ON i.inhparent = m.member
    )
    SELECT m.member::regclass FROM members m;
END
$$;

-- The name that a capture trigger of a log bears on every table that it captures.
CREATE FUNCTION freshet.capture_trigger(log integer, event text) RETURNS name LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('freshet_capture_%s_%s', log, event)::name
$$;

-- All triggers of a log.
CREATE FUNCTION freshet.capture_triggers(log integer) RETURNS name[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(freshet.capture_trigger(log, e))
  FROM unnest(ARRAY['insert', 'update', 'delete', 'truncate', 'replica', 'replica_truncate', 'moving', 'moved']) e
$$;

-- The tables of a log that lack one of its triggers, or have one that does not fire.
CREATE FUNCTION freshet.uncaptured_tables(log freshet.change_logs) RETURNS TABLE (member regclass)
LANGUAGE plpgsql STABLE ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT t.member FROM freshet.captured_tables(log.relation) t
    WHERE (SELECT count(*) FROM pg_trigger g
      WHERE g.tgrelid = t.member AND g.tgenabled IN ('O', 'A')
        AND g.tgname IN (SELECT freshet.capture_trigger(log.id, e) FROM unnest(ARRAY['insert', 'update', 'delete', 'truncate']) e)) < 4
      OR EXISTS (SELECT FROM pg_subscription_rel s WHERE s.srrelid = t.member) AND NOT EXISTS (SELECT FROM pg_trigger g
        WHERE g.tgrelid = t.member AND g.tgenabled IN ('R', 'A') AND g.tgname = freshet.capture_trigger(log.id, 'replica'));
END
$$;

-- Captures what a subscription applies to a table, and what a session writes in the role of a replica: neither fires the
-- other triggers, and a subscription fires none that are for statements, but for TRUNCATE. Only an owner of the table may
-- have such triggers. Takes SHARE ROW EXCLUSIVE on it.
CREATE FUNCTION freshet.create_replica_triggers(log freshet.change_logs, captured regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  log_name constant name := (SELECT c.relname FROM pg_class c WHERE c.oid = log.log);
BEGIN
  IF NOT freshet.owns(captured) THEN
    RETURN;
  END IF;
  IF (SELECT c.relkind FROM pg_class c WHERE c.oid = captured) = 'r' THEN
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION freshet_data.%I()',
      freshet.capture_trigger(log.id, 'replica'), captured, log_name || '_replica');
    EXECUTE format('ALTER TABLE %s ENABLE REPLICA TRIGGER %I', captured, freshet.capture_trigger(log.id, 'replica'));
  END IF;
  EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION freshet_data.%I()',
    freshet.capture_trigger(log.id, 'replica_truncate'), captured, log_name || '_truncate');
  EXECUTE format('ALTER TABLE %s ENABLE REPLICA TRIGGER %I', captured, freshet.capture_trigger(log.id, 'replica_truncate'));
END
$$;

-- Notices rows of a partitioned table that MERGE moves from one partition to another: PostgreSQL shows them to no statement
-- trigger. One trigger counts the rows of statements that set a column of a partition key, wherever there is one; it stands
-- on the table that all others are partitions of, and PostgreSQL copies it to these. Another one compares.
CREATE FUNCTION freshet.create_move_triggers(log freshet.change_logs, captured regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  log_name constant name := (SELECT c.relname FROM pg_class c WHERE c.oid = log.log);
  whole constant boolean := (SELECT c.relkind = 'p' FROM pg_class c WHERE c.oid = log.relation);
  keys text;
BEGIN
  IF NOT whole OR current_setting('server_version_num')::integer < 150000 THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION freshet_data.%I()',
    freshet.capture_trigger(log.id, 'moved'), captured, log_name || '_moved');
  IF (SELECT c.relkind FROM pg_class c WHERE c.oid = captured) = 'p' THEN
    SELECT CASE WHEN bool_and(p.partexprs IS NULL) THEN ' OF ' || string_agg(DISTINCT quote_ident(a.attname), ', ') END INTO keys
    FROM freshet.captured_tables(log.relation) t JOIN pg_partitioned_table p ON p.partrelid = t.member
    LEFT JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = ANY (p.partattrs);
    EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE UPDATE%s ON %s FOR EACH ROW EXECUTE FUNCTION freshet_data.%I()',
      freshet.capture_trigger(log.id, 'moving'), keys, log.relation, log_name || '_moving');
  END IF;
END
$$;

-- Creates the triggers of a log on a table, or replaces them. Takes SHARE ROW EXCLUSIVE on it, which writers wait for.
CREATE FUNCTION freshet.create_triggers(log_id integer, captured regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT e.event, e.rows, l.log, freshet.capture_trigger(l.id, e.event) AS trigger_name, c.relname || '_' || e.event AS function_name
    FROM freshet.change_logs l JOIN pg_class c ON c.oid = l.log
    CROSS JOIN (VALUES ('insert', 'REFERENCING NEW TABLE AS new_rows'), ('update', 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'),
      ('delete', 'REFERENCING OLD TABLE AS old_rows'), ('truncate', '')) e (event, rows)
    WHERE l.id = log_id
  LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION freshet_data.%I()',
      one.trigger_name, one.event, captured, one.rows, one.function_name);
  END LOOP;
  PERFORM freshet.create_move_triggers(l, captured) FROM freshet.change_logs l WHERE l.id = log_id;
  IF NOT (SELECT l.immediate FROM freshet.change_logs l WHERE l.id = log_id) THEN
    PERFORM freshet.create_replica_triggers(l, captured) FROM freshet.change_logs l WHERE l.id = log_id;
    -- What was changed before is not in the log.
    EXECUTE format('INSERT INTO %s (multiplicity, mark) VALUES (0, %L)', one.log, 'capture');
  END IF;
END
$$;

-- Tables that were partitions or children when their triggers were created, and are no more.
CREATE FUNCTION freshet.detached_tables(log freshet.change_logs) RETURNS TABLE (member regclass)
LANGUAGE plpgsql STABLE ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT DISTINCT g.tgrelid::regclass
    FROM freshet.functions_of_log(log.log) f
    JOIN pg_depend d ON d.refclassid = 'pg_proc'::regclass AND d.refobjid = f.oid AND d.classid = 'pg_trigger'::regclass
    JOIN pg_trigger g ON g.oid = d.objid
    WHERE g.tgrelid <> log.log AND g.tgrelid NOT IN (SELECT t.member FROM freshet.captured_tables(log.relation) t);
END
$$;

-- True for a partition or child: a statement that names the table above fires the triggers of that one alone.
CREATE FUNCTION freshet.is_part(relation regclass) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = relation)
$$;

-- Why the changes of a table cannot be captured for the current role, or NULL if they can.
CREATE FUNCTION freshet.capture_refusal(relation regclass, columns name[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lacking text;
BEGIN
  SELECT CASE
    WHEN c.relpersistence = 't' THEN format('table %s is temporary', relation)
    WHEN c.relnamespace::regnamespace::text IN ('pg_catalog', 'information_schema', 'pg_toast', 'freshet')
      THEN format('%s belongs to the system', relation)
    WHEN c.relkind = 'f' THEN format('%s is a foreign table, whose changes happen elsewhere', relation)
    WHEN c.relkind = 'm' THEN format('%s is a native materialized view, whose REFRESH fires no trigger', relation)
    WHEN c.relkind NOT IN ('r', 'p') THEN format('%s is no table', relation)
    WHEN freshet.is_part(relation) THEN format('table %s is a part of another one, whose statements change it without its triggers', relation)
    WHEN c.relrowsecurity AND row_security_active(c.oid) THEN format('row security of table %s applies to role %s', relation, current_user)
    END INTO lacking
  FROM pg_class c WHERE c.oid = relation;
  IF lacking IS NOT NULL THEN
    RETURN lacking;
  END IF;
  SELECT CASE WHEN a.attgenerated = 'v' THEN format('column %I of table %s is generated when it is read', a.attname, relation)
    ELSE format('role %s lacks SELECT on column %I of table %s', current_user, a.attname, relation) END INTO lacking
  FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = ANY (columns)
    AND (a.attgenerated = 'v' OR NOT has_column_privilege(relation, a.attnum, 'SELECT')) LIMIT 1;
  IF lacking IS NOT NULL THEN
    RETURN lacking;
  END IF;
  SELECT CASE
    WHEN c.relkind = 'f' THEN format('%s, a part of table %s, is a foreign table, whose changes happen elsewhere', t.member, relation)
    WHEN NOT has_table_privilege(c.oid, 'TRIGGER') THEN format('role %s lacks TRIGGER on table %s', current_user, t.member)
    ELSE format('table %s is filled by a subscription, whose changes only its owner can capture', t.member) END INTO lacking
  FROM freshet.captured_tables(relation) t JOIN pg_class c ON c.oid = t.member
  WHERE c.relkind = 'f' OR NOT has_table_privilege(c.oid, 'TRIGGER')
    OR NOT freshet.owns(c.oid) AND EXISTS (SELECT FROM pg_subscription_rel s WHERE s.srrelid = c.oid)
  LIMIT 1;
  RETURN lacking;
END
$$;

-- Drops the logs that no view reads any more, as far as the current role owns them and nobody holds their tables. The
-- functions of the others, which commits call, forget the views that are no more.
-- Called after a view is dropped, replaced or altered, and by status. Takes ACCESS EXCLUSIVE on the tables for a
-- moment, which they have to spare for removing triggers. True if none is left.
CREATE FUNCTION freshet.drop_unread_logs() RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '40ms' AS $$
DECLARE
  log freshet.change_logs;
  none_left boolean := true;
BEGIN
  FOR log IN
    SELECT l.* FROM freshet.change_logs l
    WHERE NOT EXISTS (SELECT FROM freshet.log_readers r WHERE r.log_id = l.id) AND pg_has_role(l.owner, 'USAGE')
  LOOP
    CONTINUE WHEN NOT pg_try_advisory_xact_lock(freshet.log_lock_class(), log.id);
    BEGIN
      PERFORM freshet.drop_log(log);
    EXCEPTION WHEN OTHERS THEN
      none_left := false;
    END;
  END LOOP;
  BEGIN
    PERFORM freshet.arm_log(l.log) FROM freshet.change_logs l JOIN pg_class c ON c.oid = l.log
      JOIN pg_proc p ON p.pronamespace = 'freshet_data'::regnamespace AND p.proname = c.relname || '_settle' AND p.proowner = l.owner
    WHERE l.immediate AND pg_has_role(l.owner, 'USAGE') AND p.prosrc <> freshet.settle_text(l);
  EXCEPTION WHEN OTHERS THEN
    NULL; -- another session does the same
  END;
  RETURN none_left;
END
$$;

-- The row may say anything, since its writer need not be honest: only what belongs to the role that it names is dropped.
-- CASCADE reaches the triggers, which the role may not drop by name where it does not own the table.
CREATE FUNCTION freshet.drop_log(log freshet.change_logs) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  function_name regprocedure;
  log_name name := (SELECT c.relname FROM pg_class c WHERE c.oid = log.log AND c.relkind = 'r' AND c.relowner = log.owner
    AND c.relnamespace = 'freshet_data'::regnamespace AND c.relname ~ '_changes[0-9]+$');
BEGIN
  IF freshet.endangers(log.owner) THEN
    RAISE EXCEPTION 'views of role % are not trusted with the rights of this session', log.owner USING ERRCODE = 'insufficient_privilege';
  END IF;
  FOR function_name IN SELECT f.oid FROM freshet.functions_of_log(log.log) f WHERE f.proowner = log.owner LOOP
    EXECUTE format('DROP FUNCTION %s CASCADE', function_name);
  END LOOP;
  IF log_name IS NOT NULL THEN
    EXECUTE format('DROP TABLE %s', log.log);
    EXECUTE format('DROP SEQUENCE IF EXISTS freshet_data.%I', log_name || '_closed');
    EXECUTE format('DROP TABLE IF EXISTS freshet_data.%I', log_name || '_gate');
  END IF;
  DELETE FROM freshet.change_logs l WHERE l.id = log.id;
END
$$;

-- The type of a captured column in its log, where it must be able to be NULL: a domain may forbid that.
CREATE FUNCTION freshet.captured_type(relation oid, number smallint) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE types (depth, type, typmod) AS (
    SELECT 0, a.atttypid, a.atttypmod FROM pg_attribute a WHERE a.attrelid = relation AND a.attnum = number
    UNION ALL
    SELECT s.depth + 1, t.typbasetype, t.typtypmod FROM types s JOIN pg_type t ON t.oid = s.type AND t.typtype = 'd'
  ), chosen AS (
    SELECT s.type, s.typmod FROM types s
    WHERE NOT EXISTS (SELECT FROM types b JOIN pg_type t ON t.oid = b.type AND t.typnotnull WHERE b.depth >= s.depth)
    ORDER BY s.depth LIMIT 1
  )
  SELECT concat(format_type(c.type, c.typmod),
    (SELECT ' COLLATE ' || a.attcollation::regcollation FROM pg_attribute a JOIN pg_type t ON t.oid = c.type
      WHERE a.attrelid = relation AND a.attnum = number AND a.attcollation NOT IN (0, t.typcollation)))
  FROM chosen c
$$;

-- Every column of a table that its log holds or is to hold: its type there, and its place there if it has one that fits.
CREATE FUNCTION freshet.columns_to_capture(relation regclass, wanted name[], log regclass, held jsonb)
RETURNS TABLE (name name, type text, place name) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.attname, d.type, CASE WHEN freshet.captured_type(log, p.attnum) = d.type THEN p.attname END
  FROM pg_attribute a CROSS JOIN LATERAL (SELECT freshet.captured_type(relation, a.attnum) AS type) d
  LEFT JOIN pg_attribute p ON p.attrelid = log AND p.attname = held ->> a.attname::text AND NOT p.attisdropped
  WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND (a.attname = ANY (wanted) OR held ? a.attname::text)
  ORDER BY a.attnum
$$;

-- Bytes that a captured row takes in its log, on average.
CREATE FUNCTION freshet.captured_width(relation regclass, columns name[]) RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT 40 + coalesce(sum(coalesce(s.avg_width, CASE WHEN a.attlen > 0 THEN a.attlen ELSE 32 END)), 0)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  LEFT JOIN LATERAL (SELECT max(s.avg_width) AS avg_width FROM pg_stats s
    WHERE s.schemaname = c.relnamespace::regnamespace::name AND s.tablename = c.relname AND s.attname = a.attname) s ON true
  WHERE a.attrelid = relation AND a.attname = ANY (columns) AND NOT a.attisdropped
$$;

-- Creates the table of a log that waits for refreshes, with the sequence that tells whether it is closed.
CREATE FUNCTION freshet.create_log(log_name name) RETURNS regclass LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE TABLE freshet_data.%I (xid xid8 NOT NULL DEFAULT pg_current_xact_id(), multiplicity smallint NOT NULL, mark text) '
    'WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000)', log_name);
  EXECUTE format('CREATE SEQUENCE freshet_data.%I MINVALUE 1 MAXVALUE 2', log_name || '_closed');
  RETURN format('freshet_data.%I', log_name)::regclass;
END
$$;

-- Creates a log, or adds to it what is wanted and missing. Takes ACCESS EXCLUSIVE on a log that exists and gets more.
-- `added` tells that statements which are under way may still capture less.
CREATE FUNCTION freshet.prepare_log(log_id integer, relation regclass, log_name name, wanted name[], immediate boolean, eager boolean,
  OUT log regclass, OUT names text[], OUT places text[], OUT added boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held jsonb;
  one record;
  next_place integer;
BEGIN
  SELECT l.log, l.columns INTO log, held FROM freshet.change_logs l WHERE l.id = log_id;
  IF log IS NULL THEN
    log := CASE WHEN immediate THEN freshet.create_commit_log(log_name) ELSE freshet.create_log(log_name) END;
    held := '{}';
    EXECUTE format('COMMENT ON TABLE %s IS %L', log, format('Freshet: changes of table %s that its views have yet to see', relation));
    PERFORM freshet.revoke_defaults(log);
    INSERT INTO freshet.change_logs (id, relation, owner, log, most_rows, epoch, immediate, eager) OVERRIDING SYSTEM VALUE
      VALUES (log_id, prepare_log.relation, quote_ident(current_user)::regrole, prepare_log.log, 0, freshet.log_epoch(prepare_log.log), prepare_log.immediate, prepare_log.eager);
  END IF;
  names := '{}'; places := '{}'; added := false;
  SELECT coalesce(max(substr(a.attname, 2)::integer), 0) INTO next_place FROM pg_attribute a WHERE a.attrelid = log AND a.attname ~ '^c[0-9]+$';
  FOR one IN SELECT c.* FROM freshet.columns_to_capture(relation, wanted, log, held) c LOOP
    IF one.place IS NULL THEN
      next_place := next_place + 1;
      one.place := 'c' || next_place;
      added := true;
      EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s', log, one.place, one.type);
    END IF;
    names := names || one.name::text; places := places || one.place::text;
  END LOOP;
  UPDATE freshet.change_logs l SET columns = jsonb_object(names, places) WHERE l.id = log_id;
END
$$;

-- Notes how many rows may wait in a log: as many as the most patient of its readers allows. Returns that, and what they
-- take in bytes.
CREATE FUNCTION freshet.limit_log(log_id integer, view regclass, allowed bigint, OUT rows bigint, OUT bytes bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT max(coalesce((m.options ->> 'max_pending_rows')::bigint, 10000000)) INTO rows
  FROM freshet.log_readers r JOIN freshet.materialized_views m ON m.id = r.view_id AND m.relation IS DISTINCT FROM view WHERE r.log_id = limit_log.log_id;
  rows := greatest(rows, allowed);
  UPDATE freshet.change_logs l SET most_rows = rows WHERE l.id = limit_log.log_id
    RETURNING rows * freshet.captured_width(l.relation, ARRAY(SELECT k::name FROM jsonb_object_keys(l.columns) k)) INTO bytes;
END
$$;
