-- What stands between a reader and the storage. See docs/decisions/001-publishing.md.

-- True if this snapshot may read this generation of a view's storage. On a standby only logged contents can be.
CREATE FUNCTION freshet.content_visible(view integer, generation integer) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  IF EXISTS (SELECT FROM freshet.contents c WHERE c.view_id = $1 AND c.generation = $2) THEN
    RETURN true;
  ELSIF pg_is_in_recovery() THEN
    RETURN false;
  END IF;
  RETURN EXISTS (SELECT FROM freshet.unlogged_contents c WHERE c.view_id = $1 AND c.generation = $2);
END
$$;

-- Evaluated while a query is planned, because it is declared IMMUTABLE: true there leaves no trace in the plan.
-- That is right for as long as the plan lives: publishing replaces the view and so discards every plan, and the
-- snapshots of statements that a client sends only move forward. Inside a function they need not, since a STABLE
-- function runs with its caller's older snapshot: there the answer is false, and check_content decides at run time.
CREATE FUNCTION freshet.has_content(view integer, generation integer) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
DECLARE
  callers text;
BEGIN
  GET DIAGNOSTICS callers = PG_CONTEXT; -- one line for this function, and one for each function around it
  RETURN strpos(callers, E'\n') = 0 AND freshet.content_visible($1, $2);
END
$$;

-- Evaluated when the query runs, with its snapshot, wherever planning could not vouch for the content: inside
-- functions, and for a reader that waited for a publish, which was planned with an older snapshot than it runs with.
CREATE FUNCTION freshet.check_content(view integer, generation integer) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
DECLARE
  shown text;
  full_name text;
  lost boolean := false;
BEGIN
  IF freshet.content_visible($1, $2) THEN
    RETURN true;
  END IF;
  SELECT c.relname, freshet.qualified(c.oid), m.unlogged INTO shown, full_name, lost
  FROM freshet.materialized_views m JOIN pg_class c ON c.oid = m.relation WHERE m.id = $1;
  IF lost AND NOT pg_is_in_recovery() THEN
    lost := NOT EXISTS (SELECT FROM freshet.unlogged_contents c WHERE c.view_id = $1);
  END IF;
  IF $2 = 0 OR lost THEN
    RAISE EXCEPTION 'materialized view "%" has not been populated', shown
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = format('Run CALL freshet.refresh(%L).', full_name);
  END IF;
  RAISE EXCEPTION 'could not serialize access due to a refresh of materialized view "%"', coalesce(shown, $1::text)
    USING ERRCODE = 'serialization_failure',
          DETAIL = 'Its new content was published after the snapshot of this transaction was taken.',
          HINT = 'Retry the transaction.';
END
$$;

-- The name of a relation with its schema, whatever the search path.
CREATE FUNCTION freshet.qualified(relation regclass) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (
    SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
    WHERE c.oid OPERATOR(pg_catalog.=) relation);
END
$$;

-- Refuses hand edits through the view, as PostgreSQL does for a native materialized view.
CREATE FUNCTION freshet.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'cannot change materialized view "%"', TG_TABLE_NAME
    USING ERRCODE = 'wrong_object_type',
          HINT = pg_catalog.format('Change the tables that it reads, then run CALL freshet.refresh(%L).', TG_RELID::pg_catalog.regclass);
END
$$;

-- Takes back what ALTER DEFAULT PRIVILEGES gave on a generated table or view: rows are read through the view alone.
CREATE FUNCTION freshet.revoke_defaults(relation regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  grantee text;
BEGIN
  FOR grantee IN
    SELECT DISTINCT CASE e.grantee WHEN 0 THEN 'PUBLIC' ELSE e.grantee::regrole::text END
    FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) e WHERE c.oid = relation AND e.grantee <> c.relowner
  LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %s', relation, grantee);
  END LOOP;
END
$$;

-- Every index of one storage on another: the same columns, expressions and options under names with a
-- suffix, until the new storage takes the place and the names of the old one.
CREATE FUNCTION freshet.copy_indexes(source regclass, target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET default_tablespace = '' AS $$
DECLARE
  one record;
BEGIN
  PERFORM freshet.revoke_defaults(target);
  FOR one IN
    SELECT c.relname, t.spcname, obj_description(c.oid, 'pg_class') AS comment,
      format('CREATE %sINDEX %I ON %s%s', h.is_unique, freshet.next_name(c.relname), target,
        -- The name may hold any text, so it is cut off before ' USING ' is looked for.
        substr(d.sql, strpos(d.sql, ' USING '))) AS statement
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
    CROSS JOIN LATERAL (SELECT CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END AS is_unique) h
    CROSS JOIN LATERAL (
      SELECT substr(pg_get_indexdef(i.indexrelid), length(format('CREATE %sINDEX %I ON %s', h.is_unique, c.relname, source)) + 1) AS sql) d
    WHERE i.indrelid = source
    ORDER BY i.indexrelid
  LOOP
    PERFORM set_config('default_tablespace', coalesce(one.spcname::text, ''), true);
    EXECUTE one.statement;
    IF one.comment IS NOT NULL THEN
      EXECUTE format('COMMENT ON INDEX freshet_data.%I IS %L', freshet.next_name(one.relname), one.comment);
    END IF;
  END LOOP;
END
$$;

-- The name that an object of a storage bears until the storage is published; 63 bytes at most.
CREATE FUNCTION freshet.next_name(name name) RETURNS name LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (CASE WHEN octet_length(name::text) <= 58 THEN name::text || '_next' ELSE 'next_' || md5(name::text) END)::name
$$;

-- The new storage takes over the name of the old one, and its indexes theirs.
CREATE FUNCTION freshet.take_over_names(storage regclass, storage_name name, index_names name[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  index_name name;
BEGIN
  EXECUTE format('ALTER TABLE %s RENAME TO %I', storage, storage_name);
  FOREACH index_name IN ARRAY index_names LOOP
    EXECUTE format('ALTER INDEX freshet_data.%I RENAME TO %I', freshet.next_name(index_name), index_name);
  END LOOP;
END
$$;

CREATE FUNCTION freshet.index_names(storage regclass) RETURNS name[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(c.relname ORDER BY c.oid), '{}') FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = storage
$$;

-- What is left until a deadline, as a value for lock_timeout; at least a millisecond, since 0 means no limit.
CREATE FUNCTION freshet.remaining(deadline timestamptz) RETURNS text LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT greatest(1, ceil(extract(epoch FROM deadline - clock_timestamp()) * 1000))::integer::text
$$;

-- What stands in FROM for the rows of a storage: the table, or where groups have several rows the query that adds these up.
CREATE FUNCTION freshet.stored_rows(storage regclass, base text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  rows text := storage;
BEGIN
  IF to_regprocedure(format('freshet_data.%I(regclass)', base || '_added')) IS NOT NULL THEN
    EXECUTE format('SELECT format(''(%%s)'', freshet_data.%I($1))', base || '_added') INTO rows USING storage;
  END IF;
  RETURN rows;
END
$$;

-- The query of a view that reads this generation of its storage, without the columns that only refreshes need and the
-- rows that HAVING hides.
CREATE FUNCTION freshet.stored_query(storage regclass, view integer, generation integer, base text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('SELECT %s FROM %s s WHERE %s(freshet.has_content(%s, %s) OR freshet.check_content(%s, %s))',
    string_agg(format('s.%I', a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE NOT starts_with(a.attname, 'freshet$')), freshet.stored_rows(storage, base),
    min('s."freshet$shown" AND ') FILTER (WHERE a.attname = 'freshet$shown'), view, generation, view, generation)
  FROM pg_attribute a WHERE a.attrelid = storage AND a.attnum > 0 AND NOT a.attisdropped
$$;

-- The same with the changes that wait: the stored rows that are still there, and those that the view's function
-- gives in the place of the others. See docs/decisions/007-real-time.md.
CREATE FUNCTION freshet.real_time_query(storage regclass, view integer, generation integer, base text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format($query$WITH freshet$now AS MATERIALIZED (SELECT r.* FROM freshet_data.%2$I((SELECT t.ticket FROM freshet_data.%1$I t)) r)
%3$s AND NOT EXISTS (SELECT FROM freshet$now n WHERE n.place = s.ctid) AND NOT EXISTS (SELECT FROM freshet$now n WHERE n.part = 'instead')
UNION ALL SELECT %4$s FROM freshet$now n
WHERE (freshet.has_content(%5$s, %6$s) OR freshet.check_content(%5$s, %6$s))
  AND n.part = CASE WHEN EXISTS (SELECT FROM freshet$now i WHERE i.part = 'instead') THEN 'whole' ELSE 'come' END$query$,
    base || '_ticket', base || '_current', freshet.stored_query(storage, view, generation, base),
    string_agg(format('(n.content).%I', a.attname), ', ' ORDER BY a.attnum), view, generation)
  FROM pg_attribute a WHERE a.attrelid = storage AND a.attnum > 0 AND NOT a.attisdropped AND NOT starts_with(a.attname, 'freshet$')
$$;

-- True if the generated functions of this base name can tell which changes wait.
CREATE FUNCTION freshet.reads_changes(base text) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT to_regprocedure(format('freshet_data.%I(uuid)', base || '_current')) IS NOT NULL
$$;

-- Makes a view read this generation of its storage, with the changes that wait if it is to read in real time. Takes ACCESS
-- EXCLUSIVE on the view.
CREATE FUNCTION freshet.point_view(view integer, storage regclass, generation integer, base text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
BEGIN
  EXECUTE (
    SELECT format('CREATE OR REPLACE VIEW %s %s AS %s', m.relation,
      (SELECT 'WITH (' || array_to_string(c.reloptions, ', ') || ')' FROM pg_class c WHERE c.oid = m.relation),
      CASE WHEN m.options ->> 'reads' = 'real-time' AND freshet.reads_changes(base)
        THEN freshet.real_time_query($2, view, $3, base) ELSE freshet.stored_query($2, view, $3, base) END)
    FROM freshet.materialized_views m WHERE m.id = view);
END
$$;

-- The same for the view that reads in real time beside it, if there is one.
CREATE FUNCTION freshet.point_real_time_view(view integer, storage regclass, generation integer, base text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
DECLARE
  beside regclass := (SELECT c.oid FROM freshet.materialized_views m JOIN pg_class c ON c.oid = m.real_time WHERE m.id = view);
BEGIN
  IF beside IS NOT NULL THEN
    EXECUTE format('CREATE OR REPLACE VIEW %s AS %s', beside, freshet.real_time_query(storage, view, generation, base));
  END IF;
END
$$;

-- The tables in which a refresh keeps what it computes on the way.
CREATE FUNCTION freshet.staging_named(base text) RETURNS SETOF regclass
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.oid::regclass FROM pg_class c
  WHERE c.relnamespace = 'freshet_data'::regnamespace AND c.relkind = 'r' AND starts_with(c.relname, base || '_')
    AND substr(c.relname, length(base) + 2) ~ '^([sd][0-9]+(k|r[0-9]+)?|g|net|had)$'
$$;

