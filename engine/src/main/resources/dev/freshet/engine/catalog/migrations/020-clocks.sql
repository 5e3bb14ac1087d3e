-- Views that depend on the time and are maintained by commits: each commit moves the time on as far as its own, and never
-- back. So transactions that maintain such a view wait for one another, at the gates of its logs.

-- The time as of which a view is maintained now, in the midst of that; else that of the transaction.
CREATE FUNCTION freshet.moment() RETURNS timestamptz LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(nullif(current_setting('freshet.moment', true), '')::timestamp AT TIME ZONE 'UTC', now())
$$;

-- As of when a view was maintained last.
CREATE FUNCTION freshet.latest_moment(view integer) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  RETURN (SELECT w.refreshed_at FROM freshet.watermarks w WHERE w.view_id = view);
END
$$;

-- Where another transaction began later and has committed before, its time counts. Set just before it is used: it does not
-- matter what anybody else has set. Written as nobody's DateStyle reads it otherwise.
CREATE FUNCTION freshet.set_moment(view integer) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT set_config('freshet.moment', to_char(greatest(now(), freshet.latest_moment(view)) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), true)
$$;

CREATE FUNCTION freshet.note_moment(view integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  UPDATE freshet.watermarks w SET refreshed_at = freshet.moment() WHERE w.view_id = view;
  PERFORM set_config('freshet.moment', '', true);
END
$$;

-- Refuses a transaction that began before the moment of a view.
CREATE FUNCTION freshet.require_latest_moment(view integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF freshet.latest_moment(view) > now() THEN
    PERFORM freshet.refuse_snapshot();
  END IF;
END
$$;

-- True if commits maintain a view that depends on the time.
CREATE FUNCTION freshet.follows_clock(view freshet.materialized_views) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  RETURN freshet.is_immediate(view) AND EXISTS (SELECT FROM freshet.watermarks w WHERE w.view_id = view.id AND w.timed);
END
$$;

-- Moves the time of such a view on to that of this transaction, which holds back its writers.
CREATE FUNCTION freshet.pass_time(view freshet.materialized_views) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF freshet.follows_clock(view) THEN
    PERFORM freshet.require_latest_moment(view.id);
    PERFORM freshet.apply_changes(view, true);
  END IF;
END
$$;
