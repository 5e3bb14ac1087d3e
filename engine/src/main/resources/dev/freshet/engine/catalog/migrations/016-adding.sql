-- What is added to the groups of a view, and groups that have several rows.

CREATE FUNCTION freshet.refuse_number(number numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% cannot be subtracted again', number USING ERRCODE = 'numeric_value_out_of_range';
END
$$;

-- A number that can be added to others and subtracted again. Called for every group that a statement touches: so it is
-- an expression that becomes part of the query.
CREATE FUNCTION freshet.addable(number numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN number OPERATOR(pg_catalog.=) ANY ('{NaN,Infinity,-Infinity}'::pg_catalog.numeric[]) THEN freshet.refuse_number(number) ELSE number END
$$;

CREATE FUNCTION freshet.addable(number bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT number';

-- The shard of this session, where groups are spread: it adds to rows of its own, which few others share.
CREATE FUNCTION freshet.own_shard(shards integer) RETURNS integer LANGUAGE sql STABLE AS 'SELECT pg_catalog.pg_backend_pid() OPERATOR(pg_catalog.%) shards';

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
