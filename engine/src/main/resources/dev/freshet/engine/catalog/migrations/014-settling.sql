-- Immediate views: what a transaction has changed is applied when it commits. See docs/decisions/006-immediate.md.

-- Applies to every view of the current role what this transaction has changed, also to those above, and deletes it from
-- the logs. Called for the trigger of a log, with the rights of its owner. The first call does it all; a later one finds
-- nothing, unless another deferred trigger has changed more rows meanwhile. Planning its queries would take longer than
-- running them.
CREATE FUNCTION freshet.settle(fired integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = on SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  written freshet.written[] := ARRAY(SELECT w FROM freshet.written_logs(fired) l CROSS JOIN LATERAL freshet.written_to(l) w WHERE w.log_id IS NOT NULL);
  dirty constant integer[] := ARRAY(SELECT w.log_id FROM unnest(written) w);
  logs integer[];
  views freshet.materialized_views[];
  view freshet.materialized_views;
  log regclass;
BEGIN
  IF NOT EXISTS (SELECT FROM freshet.change_logs l WHERE l.id = fired) THEN
    PERFORM freshet.refuse_snapshot(); -- it is older than the log
  ELSIF fired <> ALL (dirty) THEN
    RETURN;
  END IF;
  logs := freshet.keep_cascade(dirty);
  SELECT array_agg(m ORDER BY c.depth, m.id) INTO views FROM freshet.maintained_by(logs) m JOIN freshet.cascade(dirty) c ON c.view_id = m.id;
  IF freshet.pass_gates(views, logs) THEN
    FOREACH view IN ARRAY coalesce(views, '{}') LOOP
      PERFORM freshet.maintain(view, written);
      written := ARRAY(SELECT w FROM unnest(written) w JOIN freshet.change_logs l ON l.id = w.log_id WHERE l.relation <> view.storage)
        || ARRAY(SELECT w FROM freshet.change_logs l CROSS JOIN LATERAL freshet.written_to(l) w WHERE l.relation = view.storage AND l.id = ANY (logs) AND w.log_id IS NOT NULL);
    END LOOP;
  END IF;
  FOR log IN SELECT l.log FROM freshet.change_logs l WHERE l.id IN (SELECT w.log_id FROM unnest(written) w) ORDER BY l.id LOOP
    EXECUTE format('DELETE FROM %s p WHERE p.xid = pg_current_xact_id()', log);
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
-- more. Transactions with a snapshot of their own come in one after the other: each locks the rows that the next one
-- changes, so two of them would deadlock.
CREATE FUNCTION freshet.pass_gates(views freshet.materialized_views[], dirty integer[]) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
DECLARE
  snapshot constant boolean := current_setting('transaction_isolation') <> 'read committed';
  gates text[];
  modes text[];
  enters boolean[];
  message text;
BEGIN
  SELECT array_agg(g.gate), array_agg(g.enters), array_agg(g.mode) INTO gates, enters, modes
  FROM freshet.gates_to_pass((SELECT array_agg(v.id) FROM unnest(views) v), dirty) g;
  BEGIN
    FOR i IN 1 .. cardinality(gates) LOOP
      EXECUTE format('LOCK TABLE %s IN %s MODE', gates[i], CASE WHEN snapshot AND modes[i] = 'ROW EXCLUSIVE' THEN 'SHARE UPDATE EXCLUSIVE' ELSE modes[i] END);
    END LOOP;
  EXCEPTION WHEN lock_not_available THEN
    message := SQLERRM;
  END;
  IF message IS NOT NULL AND snapshot THEN
    RAISE EXCEPTION USING ERRCODE = 'lock_not_available', MESSAGE = message, HINT = 'Run the transaction again.';
  ELSIF message IS NOT NULL THEN
    PERFORM freshet.fall_back(v, '55P03', message, NULL) FROM unnest(views) v;
    RETURN false;
  END IF;
  FOR i IN 1 .. cardinality(gates) LOOP
    IF snapshot THEN
      PERFORM freshet.require_nobody_passed(gates[i]);
    END IF;
    IF enters[i] THEN
      EXECUTE format('UPDATE %s g SET commits = g.commits + 1 WHERE g.slot = pg_current_xact_id()::text::bigint %% 64', gates[i]);
    END IF;
  END LOOP;
  RETURN true;
END
$$;

CREATE FUNCTION freshet.refuse_snapshot() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'could not serialize access due to a concurrent change of a table that materialized views read'
    USING ERRCODE = 'serialization_failure', DETAIL = 'The views are maintained when transactions commit, and this one began before the other had ended.',
      HINT = 'Retry the transaction.';
END
$$;

-- A transaction whose snapshot is older than its locks does not see what others have changed in between. They have
-- changed a row of the gate, too, so locking its rows fails.
CREATE FUNCTION freshet.require_nobody_passed(gate text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('SELECT count(*) FROM (SELECT FROM %s FOR SHARE) g', gate);
EXCEPTION WHEN serialization_failure THEN
  PERFORM freshet.refuse_snapshot();
END
$$;

-- Calls the function of a view that applies what a transaction has changed. What cannot be added, such as NaN, or fails
-- for the changes alone, makes it compute groups anew.
CREATE FUNCTION freshet.apply_changes(view freshet.materialized_views, few boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('SELECT freshet_data.%I($1)', view.base_name || '_apply') USING few;
EXCEPTION WHEN data_exception THEN
  EXECUTE format('SELECT freshet_data.%I(NULL)', view.base_name || '_apply');
END
$$;

-- Applies the changes of this transaction to one view, if there are any. Where a log is incomplete, that is an error; after
-- TRUNCATE, or where MERGE has moved rows to other partitions unseen, the whole view is compared.
CREATE FUNCTION freshet.maintain(view freshet.materialized_views, written freshet.written[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
DECLARE
  changed bigint;
  failure text;
  truncated boolean;
  sql_state text; message text; detail text;
BEGIN
  SELECT sum(w.rows), coalesce(min(w.mark) FILTER (WHERE w.mark NOT IN ('truncate', 'moved', 'facts')), CASE WHEN bool_or(w.mark = 'facts') THEN freshet.lost_fact(view) END),
    coalesce(bool_or(w.mark IN ('truncate', 'moved')), false) INTO changed, failure, truncated
  FROM freshet.log_readers r JOIN unnest(written) w USING (log_id) WHERE r.view_id = view.id;
  IF failure IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = coalesce(substring(failure FROM '^failed: (\w{5}) '), 'P0001'), MESSAGE = regexp_replace(failure, '^failed: \w{5} ', '');
  ELSIF truncated THEN
    -- Partitions that were not emptied may have writers, whose changes must be there before all rows are compared.
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', view.storage);
    IF freshet.follows_clock(view) THEN
      PERFORM freshet.require_latest_moment(view.id); -- the query would show an earlier time than the view
      PERFORM freshet.set_moment(view.id);
      PERFORM freshet.note_moment(view.id);
    END IF;
    EXECUTE format('SELECT freshet_data.%I(false)', view.base_name || '_diff');
  ELSIF changed > 0 THEN
    PERFORM freshet.apply_changes(view, changed <= 100);
  END IF;
EXCEPTION WHEN OTHERS THEN
  IF starts_with(SQLSTATE, '40') THEN
    RAISE; -- the transaction can be tried again
  END IF;
  GET STACKED DIAGNOSTICS sql_state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
  PERFORM freshet.fall_back(view, sql_state, message, detail);
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
  reason constant text := format('materialized view %s could not be maintained: %s', freshet.qualified(view.relation), message);
  altered constant boolean := freshet.lost_fact(view) IS NOT NULL;
BEGIN
  IF view.options ->> 'on_error' = 'fail-write' THEN
    RAISE EXCEPTION USING ERRCODE = sql_state, MESSAGE = reason, DETAIL = coalesce(nullif(detail, ''), 'Nothing that the transaction has changed is kept.'),
      HINT = CASE WHEN altered THEN 'Apply the file of the view again. ' ELSE '' END
        || 'The option freshet.on_error = ''defer'' of the view lets such writes pass, and leaves the rest to its next refresh.';
  END IF;
  UPDATE freshet.watermarks w SET failure = format('a commit could not be applied: %s', message) WHERE w.view_id = view.id AND w.failure IS NULL;
  RAISE WARNING '%', reason USING HINT = format('It is maintained again after %s.',
    CASE WHEN altered THEN 'its file is applied again' ELSE format('CALL freshet.refresh(%L)', freshet.qualified(view.relation)) END);
END
$$;
