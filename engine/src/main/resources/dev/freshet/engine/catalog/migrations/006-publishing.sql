-- Publishing: a new storage takes the place of the old one in bounded attempts. See docs/decisions/001-publishing.md.

-- An option in milliseconds, such as '40 ms'.
CREATE FUNCTION freshet.milliseconds(duration text) RETURNS double precision LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT date_part('epoch', duration::interval) * 1000
$$;

-- A bound of freshet.lock_delay in milliseconds, such as the first of '50-200 ms'; a bound without a unit has the other's.
CREATE FUNCTION freshet.delay_bound(range text, bound integer) RETURNS double precision LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT freshet.milliseconds(CASE WHEN split_part(r.range, '-', bound) ~ '[a-z]' THEN split_part(r.range, '-', bound)
    ELSE split_part(r.range, '-', bound) || substring(r.range FROM '[ a-z]+$') END)
  FROM (SELECT trim(coalesce(delay_bound.range, '50-200 ms')) AS range) r
$$;

-- Publishes the storages that this refresh has built, all of them or none, in bounded attempts.
CREATE FUNCTION freshet.publish(views integer[], OUT published boolean, OUT attempts integer, OUT lock_wait interval)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  most integer; budget double precision; shortest double precision; longest double precision;
  began timestamptz;
  earlier text := current_setting('lock_timeout');
  one freshet.materialized_views;
BEGIN
  published := false; attempts := 0; lock_wait := '0';
  SELECT max(coalesce((m.options ->> 'lock_attempts')::integer, 20)),
         min(freshet.milliseconds(coalesce(m.options ->> 'lock_timeout', '40 ms'))),
         min(freshet.delay_bound(m.options ->> 'lock_delay', 1)),
         max(freshet.delay_bound(m.options ->> 'lock_delay', 2))
  INTO most, budget, shortest, longest
  FROM freshet.materialized_views m WHERE m.id = ANY (views);
  WHILE NOT published AND attempts < most LOOP
    IF attempts > 0 THEN
      PERFORM pg_sleep((shortest + (longest - shortest) * random()) / 1000);
    END IF;
    attempts := attempts + 1;
    began := clock_timestamp();
    RAISE DEBUG 'freshet: publish';
    BEGIN
      FOR one IN SELECT m.* FROM freshet.materialized_views m WHERE m.id = ANY (views) ORDER BY m.id LOOP
        EXECUTE format('SELECT freshet_data.%I($1, $2)', one.base_name::text || '_publish')
          USING one.generation + 1, began + budget * interval '1 ms';
      END LOOP;
      PERFORM set_config('lock_timeout', earlier, true);
      PERFORM freshet.note_published(views);
      published := true;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      published := false;
    END;
    lock_wait := lock_wait + (clock_timestamp() - began);
  END LOOP;
END
$$;

CREATE FUNCTION freshet.note_published(views integer[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE freshet.materialized_views m
  SET generation = m.generation + 1,
      storage = format('freshet_data.%I', m.base_name)::regclass
  WHERE m.id = ANY (views);
  DELETE FROM freshet.contents c WHERE c.view_id = ANY (views);
  DELETE FROM freshet.unlogged_contents c WHERE c.view_id = ANY (views);
  INSERT INTO freshet.contents SELECT m.id, m.generation FROM freshet.materialized_views m WHERE m.id = ANY (views) AND NOT m.unlogged;
  INSERT INTO freshet.unlogged_contents SELECT m.id, m.generation FROM freshet.materialized_views m WHERE m.id = ANY (views) AND m.unlogged;
END
$$;
