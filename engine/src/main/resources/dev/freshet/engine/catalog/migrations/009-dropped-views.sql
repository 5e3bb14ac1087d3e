-- Views that were dropped by hand leave their storage, definition and functions behind.

-- Clears away what the current role owns of them; returns how many views that were. Called by status. A row may say
-- anything, since its writer need not be honest: only what stands in freshet_data under the names of the view, and
-- belongs to a role that this one may act as, is dropped. Waits for no lock worth speaking of.
CREATE FUNCTION freshet.clear_dropped_views() RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '40ms' AS $$
DECLARE
  view freshet.materialized_views;
  cleared integer := 0;
BEGIN
  IF pg_is_in_recovery() THEN
    RETURN 0;
  END IF;
  FOR view IN
    SELECT m.* FROM freshet.materialized_views m WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.relation)
  LOOP
    CONTINUE WHEN NOT pg_try_advisory_xact_lock(freshet.lock_class(), view.id);
    BEGIN
      PERFORM freshet.drop_objects(view);
      cleared := cleared + 1;
    EXCEPTION WHEN OTHERS THEN
      CONTINUE; -- its owner's next status clears it
    END;
  END LOOP;
  PERFORM freshet.drop_unread_logs();
  RETURN cleared;
END
$$;

CREATE FUNCTION freshet.drop_objects(view freshet.materialized_views) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  storage_owner oid := (SELECT c.relowner FROM pg_class c WHERE c.oid = view.storage AND c.relkind = 'r'
    AND c.relnamespace = 'freshet_data'::regnamespace AND c.relname = view.base_name);
  function_name regprocedure;
  staging regclass;
BEGIN
  IF storage_owner IS NULL OR NOT pg_has_role(storage_owner, 'USAGE') OR freshet.endangers(storage_owner) THEN
    RAISE EXCEPTION 'the storage of a dropped view is not this role''s' USING ERRCODE = 'insufficient_privilege';
  END IF;
  FOR function_name IN SELECT f.oid FROM freshet.functions_of(view) f WHERE f.proowner = storage_owner LOOP
    EXECUTE format('DROP FUNCTION %s', function_name);
  END LOOP;
  IF EXISTS (SELECT FROM pg_class c WHERE c.oid = view.real_time AND c.relkind = 'v' AND c.relowner = storage_owner) THEN
    EXECUTE format('DROP VIEW %s', view.real_time);
  END IF;
  FOR function_name IN SELECT p.oid FROM pg_proc p
    WHERE p.oid = to_regprocedure(format('freshet_data.%I(uuid)', view.base_name || '_current')) AND p.proowner = storage_owner
  LOOP
    EXECUTE format('DROP FUNCTION %s', function_name);
    EXECUTE format('DROP TABLE freshet_data.%I', view.base_name || '_ticket');
  END LOOP;
  FOR staging IN SELECT t FROM freshet.staging_named(view.base_name::text) t JOIN pg_class c ON c.oid = t AND c.relowner = storage_owner LOOP
    EXECUTE format('DROP TABLE %s', staging);
  END LOOP;
  EXECUTE (SELECT format('DROP VIEW %s', c.oid::regclass) FROM pg_class c
    WHERE c.relkind = 'v' AND c.relowner = storage_owner AND c.relnamespace = 'freshet_data'::regnamespace AND c.relname = view.base_name || '_stored'
    UNION ALL SELECT 'SELECT' LIMIT 1);
  IF EXISTS (SELECT FROM pg_class c WHERE c.oid = view.definition AND c.relkind = 'v' AND c.relowner = storage_owner
      AND c.relnamespace = 'freshet_data'::regnamespace AND c.relname = view.base_name || '_query') THEN
    EXECUTE format('DROP VIEW %s', view.definition);
  END IF;
  EXECUTE format('DROP TABLE %s', view.storage);
  DELETE FROM freshet.unlogged_contents u WHERE u.view_id = view.id;
  DELETE FROM freshet.materialized_views m WHERE m.id = view.id;
END
$$;
