-- Which views a refresh is about, and in which order.

-- Relations that a definition reads, through plain views down to tables and to other materialized views.
CREATE FUNCTION freshet.relations_read(definition regclass) RETURNS TABLE (relation oid, view_id integer)
LANGUAGE plpgsql STABLE ROWS 5 SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    WITH RECURSIVE reads (relation, view_id) AS (
      SELECT definition::oid, NULL::integer
      UNION
      SELECT d.refobjid, m.id
      -- By the indexes, however few rows the statistics of a small catalog promise.
      FROM reads r CROSS JOIN LATERAL (
        SELECT d.refobjid FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
        WHERE w.ev_class = r.relation AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.relation OFFSET 0) d
      LEFT JOIN freshet.materialized_views m ON m.relation = d.refobjid
      WHERE r.view_id IS NULL
    )
    SELECT r.relation, r.view_id FROM reads r WHERE r.relation <> definition::oid;
END
$$;

-- The views to refresh for these targets, sources first. Without sources, the targets alone.
CREATE FUNCTION freshet.chain(targets integer[], with_sources boolean) RETURNS TABLE (view_id integer, is_source boolean)
LANGUAGE plpgsql STABLE ROWS 5 SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
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
    ORDER BY p.depth DESC, p.view_id;
END
$$;

-- The view of this name, or an error that says what to do.
CREATE FUNCTION freshet.find_view(view text) RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
  found_relation regclass;
  found_id integer;
BEGIN
  BEGIN
    found_relation := pg_catalog.to_regclass(view);
  EXCEPTION WHEN invalid_name THEN
    NULL; -- before 16, text that is no name is an error rather than an unknown name
  END;
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

-- True if this session may refresh the view.
CREATE FUNCTION freshet.may_refresh(view integer) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN freshet.owns(view) AND NOT freshet.endangers(
    (SELECT c.relowner FROM freshet.materialized_views m JOIN pg_class c ON c.oid = m.relation WHERE m.id = view));
END
$$;

-- The views that a request is about: the targets, and their sources as far as the current role may refresh them.
CREATE FUNCTION freshet.chosen(targets integer[], with_sources boolean) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (
    SELECT array_agg(c.view_id) FROM freshet.chain(targets, with_sources) c
    WHERE c.view_id = ANY (targets) OR freshet.may_refresh(c.view_id));
END
$$;

-- The next group of connected views that the current role may refresh and that is not done.
CREATE FUNCTION freshet.next_group(done integer[]) RETURNS integer[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE edges AS (
    SELECT m.id AS a, r.view_id AS b FROM freshet.materialized_views m CROSS JOIN LATERAL freshet.relations_read(m.definition) r WHERE r.view_id IS NOT NULL
  ), first AS (
    SELECT min(m.id) AS id FROM freshet.materialized_views m WHERE m.id <> ALL (done) AND freshet.may_refresh(m.id)
  ), members (id) AS (
    SELECT f.id FROM first f
    UNION
    SELECT CASE WHEN e.a = g.id THEN e.b ELSE e.a END FROM members g JOIN edges e ON g.id IN (e.a, e.b)
  )
  SELECT array_agg(g.id ORDER BY g.id) FROM members g WHERE freshet.may_refresh(g.id)
$$;
