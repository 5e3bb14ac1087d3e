-- Strategies: how the rows of one view are brought up to date. See docs/reference/strategies-and-locks.md.

-- Functions that are generated for a view, where it has them.
CREATE FUNCTION freshet.functions_named(base text) RETURNS SETOF pg_proc
LANGUAGE plpgsql STABLE ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
    SELECT p.* FROM pg_proc p
    WHERE p.pronamespace = 'freshet_data'::regnamespace
      AND p.proname = ANY (ARRAY[base || '_build', base || '_publish', base || '_diff', base || '_top_off', base || '_check', base || '_verify',
        base || '_increment', base || '_added', base || '_fold']::name[])
    UNION ALL
    SELECT p.* FROM pg_proc p
    WHERE p.pronamespace = 'freshet_data'::regnamespace
      AND p.proname BETWEEN (base || '_apply')::name AND (base || '_apply:')::name AND substr(p.proname, length(base || '_apply') + 1) ~ '^[0-9]*$';
END
$$;

CREATE FUNCTION freshet.functions_of(view freshet.materialized_views) RETURNS SETOF pg_proc
LANGUAGE plpgsql STABLE ROWS 5 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
    SELECT f.* FROM freshet.functions_named(view.base_name::text) f;
END
$$;

-- True if the code of a role's views should not run in this session: a function in a query can leave settings,
-- prepared statements and deferred triggers behind, which then act with the rights of the session. Native REFRESH
-- forbids that in a context that only the server itself can set up.
CREATE FUNCTION freshet.endangers(view_owner oid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (
    SELECT NOT o.rolsuper AND NOT EXISTS (SELECT FROM freshet.trusted_owners t WHERE t.role = o.oid) AND EXISTS (
      SELECT FROM pg_roles r
      WHERE r.rolname IN (current_user, session_user) AND r.oid <> o.oid
        AND (r.rolsuper OR r.rolcreaterole OR r.rolbypassrls OR r.rolreplication
          OR r.oid = (SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'freshet')))
    FROM pg_roles o WHERE o.oid = view_owner);
END
$$;

CREATE FUNCTION freshet.require_trust(view_owner regrole) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF freshet.endangers(view_owner) THEN
    RAISE EXCEPTION 'views of role % are not trusted with the rights of this session', view_owner
      USING ERRCODE = 'insufficient_privilege',
            DETAIL = format('Functions in their queries could act as %s.', session_user),
            HINT = format('Connect as %s, or trust it: INSERT INTO freshet.trusted_owners VALUES (%L).', view_owner, view_owner);
  END IF;
END
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
  PERFORM freshet.require_trust(view_owner);
  IF quote_ident(current_user)::regrole = view_owner THEN
    RETURN;
  END IF;
  FOR function_name IN SELECT f.oid FROM freshet.functions_of(view) f UNION ALL SELECT f.oid FROM freshet.functions_of_logs(view) f LOOP
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER', function_name);
  END LOOP;
  IF EXISTS (SELECT FROM (SELECT f.proowner, f.prosecdef FROM freshet.functions_of(view) f UNION ALL SELECT f.proowner, f.prosecdef FROM freshet.functions_of_logs(view) f) f
      WHERE f.proowner <> view_owner OR NOT f.prosecdef) THEN
    RAISE EXCEPTION 'a function of materialized view % belongs to another role than the view', view.relation
      USING ERRCODE = 'insufficient_privilege', HINT = 'Apply the file of the view again, as its owner.';
  END IF;
END
$$;

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
      WHERE latest.reason LIKE '%left wrong rows%' OR latest.reason LIKE '%top-off failed%') THEN
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

-- What the latest five refreshes by a strategy took: without what was given up before, and of changes where there were any.
CREATE FUNCTION freshet.measured_cost(view integer, strategy text, OUT runs bigint, OUT milliseconds numeric, OUT changed_share numeric)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  SELECT INTO runs, milliseconds, changed_share count(*), avg(extract(epoch FROM latest.finished_at - latest.started_at - coalesce(latest.given_up_after, '0')) * 1000),
    avg((latest.inserted + latest.updated + latest.deleted)::numeric / greatest(latest.rows, 1))
  FROM (SELECT h.* FROM freshet.refresh_history h
        WHERE h.view_id = $1 AND h.strategy = $2 AND h.outcome = 'succeeded'
          AND (h.strategy <> 'incremental' OR h.affected > 0) ORDER BY h.id DESC LIMIT 5) latest;
END
$$;

-- Brings the rows of one view up to date, up to but not including the publishing of a new storage.
CREATE FUNCTION freshet.compute(view freshet.materialized_views, requested text, is_source boolean) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  work freshet.work;
BEGIN
  PERFORM freshet.trust(view);
  work := freshet.start(view, requested);
  IF view.kind = 'native' THEN
    RETURN freshet.refresh_native(view, work);
  ELSIF work.strategy IN ('incremental', 'on-commit', 'eager') THEN
    RETURN work;
  ELSIF NOT freshet.populated(view) THEN
    work.strategy := 'full'; work.reason := freshet.and_then(work.reason, 'full: the view had no content');
  ELSE
    work := freshet.without_swap(view, work, is_source);
  END IF;
  IF work.strategy = 'top-off' THEN
    RETURN freshet.top_off(view, work);
  ELSIF work.strategy = 'concurrent' THEN
    RETURN freshet.diff(view, work, false);
  END IF;
  RAISE DEBUG 'freshet: build %', freshet.qualified(view.relation);
  EXECUTE format('SELECT freshet_data.%I()', view.base_name || '_build') INTO work.rows;
  work.unpublished := true; work.inserted := work.rows; work.updated := 0;
  EXECUTE format('SELECT greatest(c.reltuples, 0) FROM pg_class c WHERE c.oid = %L::regclass', view.storage) INTO work.deleted;
  RETURN work;
END
$$;

-- Settles the strategy. An incremental refresh is then done already, since only trying it tells whether it is possible.
CREATE FUNCTION freshet.start(view freshet.materialized_views, requested text) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  work freshet.work;
  incremental constant boolean := freshet.is_incremental(view);
  immediate constant boolean := freshet.is_immediate(view);
BEGIN
  IF requested = 'incremental' AND NOT incremental AND NOT immediate THEN
    RAISE EXCEPTION 'materialized view % cannot be refreshed incrementally', freshet.qualified(view.relation)
      USING ERRCODE = 'feature_not_supported', HINT = 'Run freshet explain, which tells why, and what would help.';
  END IF;
  IF incremental OR immediate THEN
    PERFORM freshet.require_plain_views(view);
  END IF;
  IF incremental AND requested IN ('auto', 'incremental') AND freshet.populated(view) THEN
    RETURN freshet.increment(view, requested);
  END IF;
  work.strategy := requested; work.reason := ''; work.unpublished := false;
  IF immediate THEN
    RETURN freshet.catch_up(view, work);
  END IF;
  IF requested = 'auto' THEN
    SELECT c.strategy, c.reason INTO work.strategy, work.reason FROM freshet.choose(view) c;
  END IF;
  RETURN work;
END
$$;

-- A view that others read in the same refresh is never published anew, since the lock would last until the end. Nor is
-- one whose changes are captured: a new storage has no triggers.
CREATE FUNCTION freshet.without_swap(view freshet.materialized_views, work freshet.work, is_source boolean) RETURNS freshet.work
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  why text := CASE
    WHEN is_source THEN 'another view of this refresh reads it, and a publish would hold readers until the end'
    WHEN EXISTS (SELECT FROM freshet.change_logs l WHERE l.relation = view.storage) THEN 'another view is refreshed by its changes' END;
BEGIN
  IF work.strategy IN ('full', 'swap') AND why IS NOT NULL THEN
    work.reason := freshet.and_then(work.reason, format('concurrent instead of %s: %s', work.strategy, why));
    work.strategy := 'concurrent';
  END IF;
  RETURN work;
END
$$;

CREATE FUNCTION freshet.and_then(reason text, more text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN reason = '' THEN more ELSE concat(reason, '; ', more) END
$$;

CREATE FUNCTION freshet.populated(view freshet.materialized_views) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF view.kind = 'native' THEN
    RETURN (SELECT c.relispopulated FROM pg_class c WHERE c.oid = view.relation);
  END IF;
  RETURN freshet.content_visible(view.id, view.generation);
END
$$;

CREATE FUNCTION freshet.refresh_native(view freshet.materialized_views, work freshet.work) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE DEBUG 'freshet: % %', work.strategy, freshet.qualified(view.relation);
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
  RAISE DEBUG 'freshet: diff %', freshet.qualified(view.relation);
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
    RAISE DEBUG 'freshet: top-off %', freshet.qualified(view.relation);
    EXECUTE format('SELECT d.* FROM freshet_data.%I() d', view.base_name || '_top_off')
      INTO work.rows, work.inserted, work.updated, work.deleted;
    IF coalesce(view.options ->> 'check', 'sample') <> 'off' THEN
      RAISE DEBUG 'freshet: check %', freshet.qualified(view.relation);
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
