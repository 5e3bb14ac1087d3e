-- Logs that live no longer than transactions, and what a transaction finds in them. See docs/decisions/006-immediate.md.

-- The table of a log that lives no longer than transactions, and its gate: a table that is locked, and rows that tell
-- transactions with an older snapshot that somebody has passed since. Each transaction takes one of 64 rows, so that two
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

-- What one of the views that follow a log relies on and is so no longer, in words; NULL if all of it is.
CREATE FUNCTION freshet.lost_fact_of_views(log integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  RETURN (SELECT min(freshet.lost_fact(m)) FROM freshet.log_readers r JOIN freshet.materialized_views m ON m.id = r.view_id WHERE r.log_id = log);
END
$$;

-- The mark that a statement leaves which changes rows: 'facts' where a view relies on what is so no longer.
CREATE FUNCTION freshet.row_mark(log integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE WHEN freshet.lost_fact_of_views(log) IS NULL THEN 'commit' ELSE 'facts' END;
END
$$;

-- The same while a capture function is planned, which is why it is called IMMUTABLE: a change of the table discards the
-- plan. NULL where the snapshot may be older than such a change.
CREATE FUNCTION freshet.planned_row_mark(log integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE WHEN current_setting('transaction_isolation') = 'read committed' THEN freshet.row_mark(log) END;
END
$$;

-- True, or an error for that mark; also while a function is planned.
CREATE FUNCTION freshet.require_facts(log integer, mark text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF mark = 'facts' THEN
    RAISE EXCEPTION '%', freshet.lost_fact_of_views(log);
  END IF;
  RETURN true;
END
$$;

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

-- True if this transaction has written to a log.
CREATE FUNCTION freshet.has_written(log regclass) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  written boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM %s p WHERE p.xid = pg_current_xact_id())', log) INTO written;
  RETURN written;
END
$$;

-- What this transaction has written to a log: how many rows, and 'truncate', 'moved', 'facts' or why it is incomplete, or
-- no mark. NULL if nothing.
CREATE TYPE freshet.written AS (log_id integer, rows bigint, mark text);

CREATE FUNCTION freshet.written_to(log freshet.change_logs) RETURNS freshet.written
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  written freshet.written;
BEGIN
  EXECUTE format('SELECT $1, count(*), max(nullif(p.mark, %L)) FROM %s p WHERE p.xid = pg_current_xact_id() HAVING count(p.mark) > 0', 'commit', log.log)
    INTO written USING log.id;
  RETURN written;
END
$$;
