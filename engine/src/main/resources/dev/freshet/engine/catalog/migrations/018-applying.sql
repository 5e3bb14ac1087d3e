-- Applying captured changes. `auto` decides between that and running the whole query by how long both are expected to take,
-- before a refresh and on its way. See docs/reference/strategies-and-locks.md.

-- `query`: running the whole query. `usual`: applying changes, whatever they touch; `start`: where they touch nothing, and
-- `each` for every key, group and row that they touch; NULL if not known. `deadline`: when to stop. `most`: how many they
-- may touch; NULL is any number. `lately`: whether one of the latest twenty refreshes with changes applied them.
-- `given_up`: whether one of the latest twenty met its deadline. `tried`: whether one of the latest hundred ran the whole
-- query instead; the first build says little, since it may have read tables that were not in memory then.
CREATE TYPE freshet.forecast AS (
  query interval, usual interval, start interval, each interval, deadline timestamptz, most bigint, lately boolean, given_up boolean, tried boolean);

CREATE FUNCTION freshet.milliseconds(duration interval) RETURNS numeric LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT round(extract(epoch FROM duration) * 1000)
$$;

-- How long changes are applied where the whole query takes this: less than a tenth more may be chance, and 100 ms are not
-- worth a second attempt.
CREATE FUNCTION freshet.worth(query interval) RETURNS interval LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT greatest(interval '100 ms', query * 1.1)
$$;

-- What running the whole query took the last time, be it the first build: tables grow, so older times say little. NULL if
-- none is known.
CREATE FUNCTION freshet.whole_query_cost(view integer) RETURNS interval
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (
    SELECT l.finished_at - l.started_at - coalesce(l.given_up_after, '0')
    FROM unnest(ARRAY['concurrent', 'swap', 'full']) s (strategy)
    CROSS JOIN LATERAL (SELECT h.* FROM freshet.refresh_history h
      WHERE h.view_id = view AND h.strategy = s.strategy AND h.outcome = 'succeeded' ORDER BY h.id DESC LIMIT 1) l
    ORDER BY l.id DESC LIMIT 1);
END
$$;

-- The line through the latest twenty refreshes that applied changes: their time by what the changes touched. Whatever its
-- slope between close points, none takes more for each key or row than the cheapest of them did. `farthest`: nothing is
-- said of more than ten times as many as were ever met.
CREATE FUNCTION freshet.measured_increments(view integer, OUT start interval, OUT each interval, OUT farthest bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  SELECT INTO start, each, farthest greatest(0, l.milliseconds - l.slope * l.affected) * interval '1 ms', l.slope * interval '1 ms', l.farthest
  FROM (
    SELECT avg(m.milliseconds) AS milliseconds, avg(m.affected) AS affected, 10 * max(m.affected) AS farthest,
      CASE WHEN regr_slope(m.milliseconds, m.affected) > 0
        THEN least(regr_slope(m.milliseconds, m.affected)::numeric, min(m.milliseconds / m.affected)) END AS slope
    FROM (
      SELECT extract(epoch FROM h.finished_at - h.started_at) * 1000 AS milliseconds, h.affected FROM freshet.refresh_history h
      WHERE h.view_id = view AND h.outcome = 'succeeded' AND h.strategy = 'incremental' AND h.affected > 0 ORDER BY h.id DESC LIMIT 20) m) l;
END
$$;

-- The latest refreshes of a view that had something to do: rows have changed, or time has passed.
CREATE FUNCTION freshet.latest_work(view integer, most integer) RETURNS SETOF freshet.refresh_history
LANGUAGE plpgsql STABLE ROWS 20 SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
    SELECT h.* FROM freshet.refresh_history h
    WHERE h.view_id = view AND h.outcome = 'succeeded' AND (h.pending IS DISTINCT FROM 0 OR h.affected > 0 OR h.strategy <> 'incremental')
    ORDER BY h.id DESC LIMIT most;
END
$$;

-- What is to be expected of the next refresh. Only `auto` minds how much changes touch.
CREATE FUNCTION freshet.forecast(view integer, requested text) RETURNS freshet.forecast
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  forecast freshet.forecast;
  farthest bigint;
BEGIN
  forecast.query := freshet.whole_query_cost(view);
  forecast.deadline := clock_timestamp() + CASE WHEN forecast.query IS NOT NULL THEN greatest(interval '5 s', 2 * forecast.query) END;
  IF requested <> 'auto' THEN
    RETURN forecast;
  END IF;
  SELECT INTO forecast.lately, forecast.given_up coalesce(bool_or(l.strategy = 'incremental'), false),
    coalesce(bool_or(l.reason LIKE '%took longer than the whole query%'), false)
  FROM freshet.latest_work(view, 20) l;
  forecast.tried := EXISTS (SELECT FROM freshet.latest_work(view, 100) l WHERE l.strategy <> 'incremental' AND l.pending IS NOT NULL);
  forecast.usual := (SELECT c.milliseconds * interval '1 ms' FROM freshet.measured_cost(view, 'incremental') c);
  SELECT m.start, m.each, m.farthest INTO forecast.start, forecast.each, farthest FROM freshet.measured_increments(view) m;
  IF forecast.lately THEN
    forecast.most := floor(extract(epoch FROM freshet.worth(forecast.query) - forecast.start) / nullif(extract(epoch FROM forecast.each), 0));
    forecast.most := CASE WHEN forecast.most <= farthest THEN forecast.most END;
  END IF;
  RETURN forecast;
END
$$;

-- Why `auto` would rather run the whole query, before anything is counted; or NULL: many rows have changed, or it has turned
-- out to be faster. After twenty other refreshes the changes are applied once more.
CREATE FUNCTION freshet.increment_too_dear(view freshet.materialized_views, pending bigint, forecast freshet.forecast) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  stored bigint;
BEGIN
  SELECT sum(greatest(c.reltuples, 0)) INTO stored FROM freshet.log_readers r JOIN freshet.change_logs l ON l.id = r.log_id
  CROSS JOIN LATERAL freshet.captured_tables(l.relation) t JOIN pg_class c ON c.oid = t.member AND c.relkind = 'r' WHERE r.view_id = view.id;
  RETURN CASE
    WHEN pending > greatest(1000, stored * 0.2) THEN format('%s rows have changed, of about %s', pending, stored)
    WHEN forecast.given_up THEN 'applying the changes was given up lately'
    WHEN forecast.query IS NULL THEN NULL
    WHEN forecast.lately AND forecast.usual > greatest(interval '100 ms', forecast.query)
      THEN format('applying the changes took %s ms, running the whole query %s ms', freshet.milliseconds(forecast.usual), freshet.milliseconds(forecast.query))
    WHEN NOT forecast.tried AND forecast.usual > greatest(interval '100 ms', forecast.query / 4)
      THEN format('applying the changes took %s ms; what the whole query takes now is tried', freshet.milliseconds(forecast.usual)) END;
END
$$;

-- Why changes were not applied to their end.
CREATE FUNCTION freshet.why_given_up(work freshet.work, forecast freshet.forecast) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN CASE
    WHEN work.affected > forecast.most
      THEN format('the changes touch %s keys or rows, which would take about %s ms, the whole query %s ms', work.affected,
        freshet.milliseconds(work.increment_estimate), freshet.milliseconds(forecast.query))
    ELSE 'applying the changes took longer than the whole query' END;
END
$$;

-- What an incremental refresh did: the view has as many rows as after the last refresh, and those that it has gained.
CREATE FUNCTION freshet.applied(view freshet.materialized_views, work freshet.work, requested text) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  work.strategy := 'incremental';
  work.rows := greatest(0, work.inserted - work.deleted + (
    SELECT h.rows FROM freshet.refresh_history h WHERE h.view_id = view.id AND h.outcome = 'succeeded' ORDER BY h.id DESC LIMIT 1));
  work.reason := CASE requested WHEN 'auto' THEN format('auto: %s rows have changed', work.pending) ELSE '' END;
  RETURN work;
END
$$;

-- What is done where changes are not applied, and why. `dear`: because that takes longer, so that `auto` picks what is best.
CREATE FUNCTION freshet.not_applied(view freshet.materialized_views, work freshet.work, dear boolean, why text) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF dear THEN
    SELECT c.strategy, format('auto: %s; %s', why, replace(c.reason, 'auto: ', '')) INTO work.strategy, work.reason FROM freshet.choose(view) c;
  ELSE
    work.strategy := 'concurrent'; work.reason := format('concurrent instead of incremental: %s', why);
  END IF;
  RETURN work;
END
$$;

-- Applies what has changed since the last refresh. Where that is impossible or too dear, nothing is done, and the
-- strategy of the result is another one, with the reason.
CREATE FUNCTION freshet.increment(view freshet.materialized_views, requested text) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  work freshet.work;
  mark freshet.watermarks;
  forecast freshet.forecast;
  began constant timestamptz := clock_timestamp();
  captured record;
  given_up boolean;
  why text;
BEGIN
  work.unpublished := false;
  captured := freshet.captured(view);
  why := captured.obstacle; work.pending := captured.pending;
  IF why IS NOT NULL THEN
    RETURN freshet.not_applied(view, work, false, why);
  END IF;
  SELECT w.* INTO mark FROM freshet.watermarks w WHERE w.view_id = view.id;
  IF work.pending = 0 AND NOT mark.timed THEN
    work.inserted := 0; work.updated := 0; work.deleted := 0; work.netted := 0; work.affected := 0;
    RETURN freshet.applied(view, work, requested);
  END IF;
  forecast := freshet.forecast(view.id, requested);
  work.query_estimate := forecast.query; work.increment_estimate := forecast.usual;
  IF requested = 'auto' THEN
    why := freshet.increment_too_dear(view, work.pending, forecast);
    IF why IS NOT NULL THEN
      RETURN freshet.not_applied(view, work, true, why);
    END IF;
  END IF;
  RAISE DEBUG 'freshet: increment %', freshet.qualified(view.relation);
  BEGIN
    EXECUTE format('SELECT i.inserted, i.updated, i.deleted, i.netted, i.affected, i.given_up FROM freshet_data.%I($1, $2, $3, $4, $5) i', view.base_name || '_increment')
      INTO work.inserted, work.updated, work.deleted, work.netted, work.affected, given_up
      USING mark.since, mark.own, mark.refreshed_at, forecast.deadline, forecast.most;
  EXCEPTION
    WHEN serialization_failure THEN
      RAISE;
    WHEN OTHERS THEN
      why := SQLERRM;
  END;
  work.increment_estimate := coalesce(forecast.start + work.affected * forecast.each, forecast.usual);
  IF why IS NULL AND NOT given_up THEN
    RETURN freshet.applied(view, work, requested);
  END IF;
  work.given_up_after := clock_timestamp() - began;
  RETURN freshet.not_applied(view, work, given_up AND requested = 'auto', coalesce(why, freshet.why_given_up(work, forecast)));
END
$$;
