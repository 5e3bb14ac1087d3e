-- Views that were dropped by hand leave their storage, definition and functions behind.

-- Clears away what the current role may; returns how many views that were. Called by every refresh and status.
CREATE FUNCTION freshet.clear_dropped_views() RETURNS integer LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  view freshet.materialized_views;
  cleared integer := 0;
BEGIN
  FOR view IN
    SELECT m.* FROM freshet.materialized_views m WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.relation)
  LOOP
    CONTINUE WHEN NOT pg_try_advisory_xact_lock(freshet.lock_class(), view.id);
    BEGIN
      PERFORM freshet.drop_objects(view);
      cleared := cleared + 1;
    EXCEPTION WHEN insufficient_privilege OR dependent_objects_still_exist OR lock_not_available THEN
      CONTINUE; -- its owner's next call clears it
    END;
  END LOOP;
  RETURN cleared;
END
$$;

CREATE FUNCTION freshet.drop_objects(view freshet.materialized_views) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  function_name regprocedure;
BEGIN
  FOR function_name IN SELECT f.oid FROM freshet.functions_of(view) f LOOP
    EXECUTE format('DROP FUNCTION %s', function_name);
  END LOOP;
  EXECUTE format('DROP VIEW IF EXISTS freshet_data.%I', view.base_name || '_query');
  EXECUTE format('DROP TABLE IF EXISTS freshet_data.%I', view.base_name);
  DELETE FROM freshet.unlogged_contents u WHERE u.view_id = view.id;
  DELETE FROM freshet.materialized_views m WHERE m.id = view.id;
END
$$;
