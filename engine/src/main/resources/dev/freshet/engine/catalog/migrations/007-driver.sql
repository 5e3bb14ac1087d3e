-- The driver: transactions, locks and snapshot of a refresh. See docs/decisions/002-driver.md.
--
-- Queries of the catalog that every refresh runs keep one plan (plan_cache_mode): planning them for each list of views takes
-- longer than running them. It is set where nothing of the user's runs.

-- What a refresh has to do, settled before its snapshot is taken.
CREATE TYPE freshet.assignment AS (refresh bigint, view_id integer, revision integer, requested text, is_source boolean);

-- A table that was truncated or rewritten after the snapshot was taken and before it was locked shows the snapshot
-- no rows, or rows it should not see. Its file then differs between the snapshot's catalog and the live one.
CREATE FUNCTION freshet.require_unrewritten(definitions regclass[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  rewritten regclass;
BEGIN
  WITH RECURSIVE relations (relation) AS (
    SELECT r.relation FROM unnest(definitions) d CROSS JOIN LATERAL freshet.relations_read(d) r
    UNION
    SELECT i.inhrelid FROM relations r JOIN pg_inherits i ON i.inhparent = r.relation
  )
  SELECT c.oid INTO rewritten FROM relations r CROSS JOIN LATERAL ( -- by the index: pg_relation_filenode() opens a relation
    SELECT c.oid FROM pg_class c WHERE c.oid = r.relation AND c.relkind IN ('r', 'm') AND c.relfilenode NOT IN (0, pg_relation_filenode(c.oid)) OFFSET 0) c
  LIMIT 1;
  IF rewritten IS NOT NULL THEN
    RAISE EXCEPTION 'table % was truncated or rewritten while the refresh began', freshet.qualified(rewritten)
      USING ERRCODE = 'serialization_failure', HINT = 'Refresh again.';
  END IF;
END
$$;

-- Checks the request, notes it in the history and returns the work in order together with the text of its locks.
CREATE FUNCTION freshet.assign(targets integer[], locked integer[], strategy text, with_sources boolean, origin text,
  OUT assignments freshet.assignment[], OUT locks text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  one record;
BEGIN
  IF strategy NOT IN ('auto', 'incremental', 'full', 'concurrent', 'swap', 'top-off') THEN
    RAISE EXCEPTION 'unknown refresh strategy "%"', strategy
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Strategies are auto, incremental, full, concurrent, swap and top-off.';
  END IF;
  FOR one IN
    SELECT m.*, c.is_source, v.relowner,
      CASE WHEN m.id = ANY (targets) THEN coalesce(assign.strategy, m.options ->> 'refresh', 'auto') ELSE coalesce(m.options ->> 'refresh', 'auto') END AS requested
    FROM freshet.chain(targets, with_sources) WITH ORDINALITY c (view_id, is_source, place)
    JOIN freshet.materialized_views m ON m.id = c.view_id
    LEFT JOIN pg_class v ON v.oid = m.relation
    WHERE m.id = ANY (locked)
    ORDER BY c.place
  LOOP
    IF one.relowner IS NULL THEN
      RAISE EXCEPTION 'materialized view with number % was dropped', one.id
        USING ERRCODE = 'undefined_table', HINT = 'Run freshet status, which clears away what is left of it.';
    ELSIF NOT pg_has_role(one.relowner, 'USAGE') THEN
      RAISE EXCEPTION 'must be owner of materialized view %', one.relation USING ERRCODE = 'insufficient_privilege';
    ELSIF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = one.definition) THEN
      RAISE EXCEPTION 'materialized view % has lost its query', freshet.qualified(one.relation)
        USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = 'Something that the query reads was dropped with CASCADE.',
              HINT = 'Apply the file of the view again, or drop the view.';
    ELSIF one.kind = 'native' AND one.requested NOT IN ('auto', 'full', 'concurrent') THEN
      RAISE EXCEPTION 'refresh strategy "%" is not possible for native materialized view %', one.requested, one.relation
        USING ERRCODE = 'feature_not_supported', HINT = 'Native views know full and concurrent. Run freshet adopt --convert to make it a managed one.';
    ELSIF EXISTS (SELECT FROM pg_class c WHERE c.oid = one.storage AND c.relowner <> one.relowner) THEN
      RAISE EXCEPTION 'the storage of materialized view % belongs to another role than the view', one.relation
        USING ERRCODE = 'insufficient_privilege', HINT = 'Apply the file of the view again, as its owner.';
    END IF;
    INSERT INTO freshet.refresh_history AS h (view_id, requested, origin) VALUES (one.id, one.requested, origin)
      RETURNING array_append(assignments, (h.id, one.id, one.revision, one.requested, one.is_source)::freshet.assignment) INTO assignments;
    locks := concat(locks, format('LOCK TABLE %s IN ROW EXCLUSIVE MODE; LOCK TABLE %s IN ACCESS SHARE MODE; ', one.storage, one.definition));
  END LOOP;
  IF assignments IS NULL THEN
    RAISE EXCEPTION 'the materialized view was dropped while the refresh waited' USING ERRCODE = 'undefined_table';
  END IF;
END
$$;

-- One view's place in a refresh that is under way.
CREATE TYPE freshet.progress AS (assignment freshet.assignment, work freshet.work, failed boolean);

-- The part of a refresh that runs under its snapshot. A view that fails is noted, its dependents are skipped,
-- and the others go on. True if a log may hold what no view needs any more, or needs mending.
CREATE FUNCTION freshet.perform(assignments freshet.assignment[], as_of timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wal_start pg_lsn := pg_current_wal_insert_lsn();
  one freshet.assignment;
  done freshet.progress[] := '{}';
  failed integer[] := '{}';
  step freshet.progress;
BEGIN
  PERFORM freshet.require_unrewritten((SELECT array_agg(m.definition) FROM unnest(assignments) a JOIN freshet.materialized_views m ON m.id = a.view_id));
  FOREACH one IN ARRAY assignments LOOP
    step := freshet.perform_one(one, failed);
    done := done || step;
    IF step.failed THEN
      failed := failed || one.view_id;
    END IF;
  END LOOP;
  PERFORM freshet.finish(done, as_of, wal_start);
  RETURN EXISTS (SELECT FROM unnest(done) d WHERE NOT ((d.failed)) AND ((d.work)).pending IS DISTINCT FROM 0);
END
$$;

-- Computes one view in a savepoint, unless its definition changed meanwhile or a source failed. A serialization
-- failure is the whole transaction's: it passes through, and the refresh starts again with a new snapshot.
CREATE FUNCTION freshet.perform_one(one freshet.assignment, failed integer[]) RETURNS freshet.progress
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  view freshet.materialized_views;
  work freshet.work;
  failed_sources text;
  sql_state text; error text; detail text; hint text;
BEGIN
  SELECT m.* INTO view FROM freshet.materialized_views m WHERE m.id = one.view_id;
  IF failed <> '{}' THEN
    SELECT string_agg(freshet.qualified(m.relation), ', ') INTO failed_sources
    FROM freshet.relations_read(view.definition) r JOIN freshet.materialized_views m ON m.id = r.view_id
    WHERE r.view_id = ANY (failed);
  END IF;
  IF view.revision IS DISTINCT FROM one.revision THEN
    PERFORM freshet.note_failure(one.refresh, 'failed', '40001', 'the definition of the view changed while the refresh waited', NULL, 'Refresh it again.');
    RETURN (one, NULL::freshet.work, true);
  ELSIF failed_sources IS NOT NULL THEN
    PERFORM freshet.note_failure(one.refresh, 'skipped', NULL, 'a source of the view could not be refreshed', format('The source is %s.', failed_sources), NULL);
    RETURN (one, NULL::freshet.work, true);
  END IF;
  work := freshet.compute(view, one.requested, one.is_source);
  PERFORM freshet.settle_above(view);
  RETURN (one, work, false);
EXCEPTION
  WHEN serialization_failure THEN
    RAISE;
  WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS sql_state = RETURNED_SQLSTATE, error = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    PERFORM freshet.note_failure(one.refresh, 'failed', sql_state, error, detail, hint);
    RETURN (one, NULL::freshet.work, true);
END
$$;

-- Publishes what was built and writes the history.
CREATE FUNCTION freshet.finish(done freshet.progress[], as_of timestamptz, wal_start pg_lsn) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  built integer[] := (SELECT array_agg(((d.assignment)).view_id) FROM unnest(done) d WHERE ((d.work)).unpublished);
  published boolean := true;
  attempts integer := 0;
  lock_wait interval := '0';
  step freshet.progress;
  work freshet.work;
BEGIN
  IF built IS NOT NULL THEN
    SELECT p.published, p.attempts, p.lock_wait INTO published, attempts, lock_wait FROM freshet.publish(built) p;
  END IF;
  FOREACH step IN ARRAY done LOOP
    CONTINUE WHEN step.failed;
    work := step.work;
    IF work.unpublished AND NOT published THEN
      work := freshet.without_publishing(step.assignment, work, attempts);
    END IF;
    IF work.strategy IS NOT NULL THEN
      PERFORM freshet.note_success((step.assignment).refresh, (step.assignment).view_id, work, as_of, wal_start,
        CASE WHEN (step.work).unpublished THEN attempts ELSE 0 END,
        CASE WHEN (step.work).unpublished THEN lock_wait ELSE '0' END);
    END IF;
  END LOOP;
END
$$;

-- Readers held the view in every attempt: a swap falls back to the diff against what was built, which conflicts
-- with no reader; anything else has failed, and NULL says so.
CREATE FUNCTION freshet.without_publishing(one freshet.assignment, work freshet.work, attempts integer) RETURNS freshet.work
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  view freshet.materialized_views;
  falls_back boolean;
BEGIN
  SELECT m.* INTO view FROM freshet.materialized_views m WHERE m.id = one.view_id;
  falls_back := work.strategy = 'swap' AND freshet.populated(view);
  IF falls_back THEN
    work := freshet.diff(view, work, true);
    work.strategy := 'concurrent';
    work.reason := freshet.and_then(work.reason, format('concurrent instead of swap: readers held the view in all %s attempts to publish', attempts));
  END IF;
  EXECUTE format('DROP TABLE freshet_data.%I', freshet.next_name(view.base_name));
  IF falls_back THEN
    RETURN work;
  END IF;
  PERFORM freshet.note_failure(one.refresh, 'failed', '55P03', format('could not publish materialized view %s', freshet.qualified(view.relation)),
    format('Its readers held it in all %s attempts.', attempts), 'Use strategy swap or concurrent, or raise freshet.lock_attempts.');
  RETURN NULL;
END
$$;

-- PostgreSQL's own words for a COMMIT that the context forbids, in the language of this server.
CREATE FUNCTION freshet.words_for_atomic_context() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  words text;
BEGIN
  COMMIT;
EXCEPTION WHEN invalid_transaction_termination THEN
  GET STACKED DIAGNOSTICS words = MESSAGE_TEXT;
  RETURN words;
END
$$;

-- Raises the error of the first of these refreshes that failed.
CREATE FUNCTION freshet.raise_failure(refreshes bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  failure freshet.refresh_history;
BEGIN
  SELECT h.* INTO failure FROM freshet.refresh_history h WHERE h.id = ANY (refreshes) AND h.outcome = 'failed' ORDER BY h.id LIMIT 1;
  IF failure.id IS NULL THEN
    RETURN;
  END IF;
  failure.detail := concat_ws(' ', failure.detail, format('Refresh %s of materialized view %s failed; it still shows its earlier content.',
    failure.id, (SELECT freshet.qualified(m.relation) FROM freshet.materialized_views m WHERE m.id = failure.view_id)));
  IF failure.hint IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = failure.sql_state, MESSAGE = failure.error, DETAIL = failure.detail;
  END IF;
  RAISE EXCEPTION USING ERRCODE = failure.sql_state, MESSAGE = failure.error, DETAIL = failure.detail, HINT = failure.hint;
END
$$;

-- Refreshes these views and their sources in one transaction. `refreshes` returns their numbers in the history.
-- The first transaction takes the refresh locks, which outlast it, and notes the work; the second takes its snapshot
-- only then, so that it sees all that an earlier refresh of the same view has left.
CREATE PROCEDURE freshet.refresh_chain(targets integer[], strategy text, with_sources boolean, wait boolean, origin text, INOUT refreshes bigint[])
LANGUAGE plpgsql AS $$
DECLARE
  assigned record;
  locked integer[];
  held integer[];
  as_of timestamptz;
  attempt integer := 1;
  untidy boolean := false;
  failed boolean := false;
  sql_state text; error text; detail text; hint text;
BEGIN
  -- Whatever the default isolation: the first snapshot must follow the wait for the refresh lock, statement by statement.
  COMMIT;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  SET LOCAL search_path TO pg_catalog, pg_temp;
  BEGIN
    locked := freshet.chosen(targets, with_sources);
    PERFORM freshet.lock_views(locked, wait);
    held := freshet.hold_back_writers(locked, strategy);
    PERFORM freshet.close_lost_refreshes();
    assigned := freshet.assign(targets, locked, strategy, with_sources, origin);
  EXCEPTION WHEN query_canceled OR OTHERS THEN
    PERFORM freshet.unlock_views();
    RAISE;
  END;
  SELECT array_agg(a.refresh) INTO refreshes FROM unnest(assigned.assignments) a;
  COMMIT;
  LOOP
    SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
    BEGIN
      SET LOCAL search_path TO pg_catalog, pg_temp;
      as_of := transaction_timestamp(); -- not later than the snapshot, which this takes
      EXECUTE assigned.locks;
      untidy := freshet.perform(assigned.assignments, as_of);
      failed := false;
    EXCEPTION WHEN query_canceled OR OTHERS THEN
      GET STACKED DIAGNOSTICS sql_state = RETURNED_SQLSTATE, error = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
      failed := true;
    END;
    EXIT WHEN NOT failed OR sql_state OPERATOR(pg_catalog.<>) '40001' OR attempt OPERATOR(pg_catalog.=) 5;
    attempt := attempt OPERATOR(pg_catalog.+) 1;
    ROLLBACK;
  END LOOP;
  IF failed THEN
    ROLLBACK;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET LOCAL search_path TO pg_catalog, pg_temp;
    BEGIN
      PERFORM freshet.note_failure(r, 'failed', sql_state, error, detail, hint) FROM unnest(refreshes) r;
    EXCEPTION WHEN query_canceled THEN -- a second cancel of the same refresh: its failure is noted all the same
      PERFORM freshet.note_failure(r, 'failed', sql_state, error, detail, hint) FROM unnest(refreshes) r;
    END;
  END IF;
  IF untidy AND NOT failed THEN
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET LOCAL synchronous_commit TO off; -- what a crash undoes is done again
    BEGIN
      PERFORM freshet.tend_logs(refreshes);
    EXCEPTION WHEN query_canceled OR OTHERS THEN
      NULL; -- the refresh is done; what is left in the logs waits for the next one
    END;
  END IF;
  COMMIT;
  PERFORM freshet.unlock(locked, held);
  IF failed AND sql_state OPERATOR(pg_catalog.=) '57014' THEN
    RAISE EXCEPTION USING ERRCODE = sql_state, MESSAGE = error, DETAIL = 'Nothing was changed.';
  END IF;
END
$$;

CREATE PROCEDURE freshet.refresh(view text, strategy text DEFAULT NULL, with_sources boolean DEFAULT true, wait boolean DEFAULT true, origin text DEFAULT 'sql')
LANGUAGE plpgsql AS $$
DECLARE
  words text;
  target integer;
  refreshes bigint[];
BEGIN
  BEGIN
    COMMIT; -- fails either way; its words tell whether this is a transaction block
  EXCEPTION WHEN invalid_transaction_termination THEN
    GET STACKED DIAGNOSTICS words = MESSAGE_TEXT;
  END;
  PERFORM freshet.require_top_level(words, 'refresh');
  target := freshet.find_view(view);
  CALL freshet.refresh_chain(ARRAY[target], strategy, with_sources, wait, origin, refreshes);
  PERFORM freshet.raise_failure(refreshes);
END
$$;

CREATE FUNCTION freshet.require_top_level(words text, name text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF words = freshet.words_for_atomic_context() THEN
    RAISE EXCEPTION 'CALL freshet.% cannot run inside a transaction block', name
      USING ERRCODE = 'active_sql_transaction',
            DETAIL = 'A refresh takes its locks before its snapshot, so it needs transactions of its own.',
            HINT = 'Run it by itself: after COMMIT, with autocommit on, and as the only statement of its string.';
  END IF;
END
$$;

-- Every view, one transaction for each group of views that read one another.
CREATE PROCEDURE freshet.refresh_all(strategy text DEFAULT NULL, wait boolean DEFAULT true, origin text DEFAULT 'sql')
LANGUAGE plpgsql AS $$
DECLARE
  words text;
  done integer[] := '{}';
  targets integer[];
  refreshes bigint[];
  every bigint[] := '{}';
BEGIN
  BEGIN
    COMMIT; -- fails either way; its words tell whether this is a transaction block
  EXCEPTION WHEN invalid_transaction_termination THEN
    GET STACKED DIAGNOSTICS words = MESSAGE_TEXT;
  END;
  PERFORM freshet.require_top_level(words, 'refresh_all');
  LOOP
    targets := freshet.next_group(done);
    EXIT WHEN targets IS NULL;
    CALL freshet.refresh_chain(targets, strategy, true, wait, origin, refreshes);
    done := pg_catalog.array_cat(done, targets);
    every := pg_catalog.array_cat(every, refreshes);
  END LOOP;
  PERFORM freshet.warn_of_untrusted();
  PERFORM freshet.raise_failures(every);
END
$$;

-- Names the roles whose views refresh_all has left out.
CREATE FUNCTION freshet.warn_of_untrusted() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owners text := (
    SELECT string_agg(DISTINCT c.relowner::regrole::text, ', ') FROM freshet.materialized_views m JOIN pg_class c ON c.oid = m.relation
    WHERE freshet.owns(m.relation) AND freshet.endangers(c.relowner));
BEGIN
  IF owners IS NOT NULL THEN
    RAISE WARNING 'views of these roles were left out, because they are not trusted with the rights of this session: %', owners
      USING HINT = 'Refresh them in a session of their own, or trust the roles in freshet.trusted_owners.';
  END IF;
END
$$;

CREATE FUNCTION freshet.raise_failures(refreshes bigint[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  failed bigint; views text;
BEGIN
  SELECT count(*), string_agg(format('%s: %s', m.relation, h.error), '; ' ORDER BY h.id) INTO failed, views
  FROM freshet.refresh_history h JOIN freshet.materialized_views m ON m.id = h.view_id
  WHERE h.id = ANY (refreshes) AND h.outcome IN ('failed', 'skipped');
  IF failed > 0 THEN
    RAISE EXCEPTION '% of % materialized views could not be refreshed', failed, cardinality(refreshes)
      USING ERRCODE = 'triggered_action_exception', DETAIL = views || '.', HINT = 'SELECT * FROM freshet.refreshes tells more; the others are fresh.';
  END IF;
END
$$;
