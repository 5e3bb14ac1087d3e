-- Views over views: what a transaction does to the storage of one view reaches the views above it in the same transaction.
-- See docs/decisions/006-immediate.md.

-- The views that changes in these logs reach when a transaction commits, in an order in which each comes after those that
-- it reads: also through the storages of views, as far as their readers belong to the owner of the logs. The depth is that
-- of the longest way. Two transactions that begin with different logs can see two views in different orders, but then they
-- wait for one another at a gate: where their ways meet, each looks at what the other has changed.
CREATE FUNCTION freshet.cascade(logs integer[]) RETURNS TABLE (view_id integer, depth integer)
LANGUAGE plpgsql STABLE ROWS 3 SET search_path = pg_catalog, pg_temp SET row_security = on SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    WITH RECURSIVE reached (view_id, depth, owner) AS (
      SELECT r.view_id, 0, l.owner FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id WHERE r.log_id = ANY (logs)
      UNION
      SELECT r.view_id, d.depth + 1, d.owner FROM reached d JOIN freshet.materialized_views m ON m.id = d.view_id
      JOIN freshet.change_logs l ON l.relation = m.storage AND l.owner = d.owner AND l.immediate JOIN freshet.log_readers r ON r.log_id = l.id
    )
    SELECT d.view_id, max(d.depth) FROM reached d GROUP BY d.view_id ORDER BY max(d.depth), d.view_id;
END
$$;

-- These logs and those that the maintenance of their views writes to.
CREATE FUNCTION freshet.logs_above(logs integer[]) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = on SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (
    SELECT array_agg(l.id ORDER BY l.id) FROM freshet.change_logs l
    WHERE l.id = ANY (logs) OR l.immediate AND l.owner IN (SELECT o.owner FROM freshet.change_logs o WHERE o.id = ANY (logs))
      AND l.relation IN (SELECT m.storage FROM freshet.cascade(logs) c JOIN freshet.materialized_views m ON m.id = c.view_id));
END
$$;

-- These logs and those from whose changes they are filled.
CREATE FUNCTION freshet.logs_below(logs integer[]) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = on SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (
    WITH RECURSIVE below (id) AS (
      SELECT l FROM unnest(logs) l
      UNION
      SELECT r.log_id FROM below b JOIN freshet.change_logs l ON l.id = b.id JOIN freshet.materialized_views m ON m.storage = l.relation
      JOIN freshet.log_readers r ON r.view_id = m.id JOIN freshet.change_logs s ON s.id = r.log_id AND s.immediate AND s.owner = l.owner
    )
    SELECT array_agg(b.id ORDER BY b.id) FROM below b);
END
$$;

-- The logs by which transactions maintain these views, or the views above that follow them.
CREATE FUNCTION freshet.commit_logs(views integer[]) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = on SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  above constant integer[] := ARRAY(SELECT c.view_id FROM freshet.cascade(ARRAY(
    SELECT l.id FROM freshet.materialized_views m JOIN freshet.change_logs l ON l.relation = m.storage AND l.immediate WHERE m.id = ANY (views))) c);
BEGIN
  RETURN (SELECT array_agg(DISTINCT l.id ORDER BY l.id) FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id AND l.immediate
    WHERE r.view_id = ANY (views || above));
END
$$;

-- Keeps views from being made, switched or compared that this transaction is to maintain. Where some have been made while
-- it waited, they are among them. Returns all logs that the transaction may write to.
CREATE FUNCTION freshet.keep_cascade(dirty integer[]) RETURNS integer[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  logs integer[] := '{}';
  kept integer[];
BEGIN
  LOOP
    kept := logs;
    logs := freshet.logs_above(dirty);
    EXIT WHEN logs <@ kept;
    PERFORM pg_advisory_xact_lock_shared(freshet.commit_lock_class(), l) FROM unnest(logs) l;
  END LOOP;
  RETURN logs;
END
$$;

-- Lets the views above follow what a refresh has done to the storage of a view, in its transaction, before it goes on. What
-- they cannot follow makes the refresh fail or them fall back, as it would a commit.
CREATE FUNCTION freshet.settle_above(view freshet.materialized_views) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM freshet.change_logs l WHERE l.relation = view.storage AND l.immediate) THEN
    SET CONSTRAINTS freshet_data.freshet_settle IMMEDIATE;
    SET CONSTRAINTS freshet_data.freshet_settle DEFERRED;
  END IF;
END
$$;

-- A maintained view and those that it reads, also through others that are maintained: whether they are, and as of when, if
-- that is not always now.
CREATE FUNCTION freshet.sources_of(view freshet.materialized_views) RETURNS TABLE (source freshet.materialized_views, maintained boolean, as_of timestamptz)
LANGUAGE plpgsql STABLE ROWS 2 SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  RETURN QUERY
    WITH RECURSIVE below (source, maintained) AS (
      SELECT view, true
      UNION ALL
      SELECT m, freshet.is_immediate(m) AND freshet.populated(m) AND freshet.incremental_obstacle(m) IS NULL
      FROM below b JOIN freshet.log_readers r ON r.view_id = (b.source).id JOIN freshet.change_logs l ON l.id = r.log_id
      JOIN freshet.materialized_views m ON m.storage = l.relation
      WHERE b.maintained
    )
    SELECT DISTINCT b.source, b.maintained, CASE WHEN NOT b.maintained THEN (b.source).as_of WHEN w.timed THEN w.refreshed_at END
    FROM below b LEFT JOIN freshet.watermarks w ON w.view_id = (b.source).id;
END
$$;

-- Stops the maintenance of views by commits that read what is no more, because a view was replaced: its new storage tells
-- them nothing.
CREATE FUNCTION freshet.leave_replaced() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE freshet.watermarks w SET failure = freshet.capture_fault(m) || ' (apply its file again)'
  FROM freshet.materialized_views m
  WHERE m.id = w.view_id AND w.failure IS NULL AND EXISTS (SELECT FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id AND l.immediate
    WHERE r.view_id = m.id AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = l.relation));
END
$$;

-- True if a change of one table can reach a view on several ways.
CREATE FUNCTION freshet.meets_itself(view integer) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
DECLARE
  own constant integer[] := ARRAY(SELECT r.log_id FROM freshet.log_readers r WHERE r.view_id = view);
BEGIN
  RETURN EXISTS (SELECT FROM unnest(freshet.logs_below(own)) b (log) WHERE (SELECT count(*) FROM unnest(freshet.logs_above(ARRAY[b.log])) a (log) WHERE a.log = ANY (own)) > 1);
END
$$;
