-- Schema cron in the shape of extension pg_cron, for databases without it. A role reads and changes only its own
-- jobs: row-level security and column grants see to that, so no function here needs SECURITY DEFINER. As with
-- pg_cron, a role other than the owner needs GRANT USAGE ON SCHEMA cron.

CREATE SCHEMA cron;
COMMENT ON SCHEMA cron IS 'Jobs in the shape of pg_cron, run by the daemon of Freshet';

CREATE TABLE cron.job (
  jobid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  schedule text NOT NULL,
  command text NOT NULL,
  nodename text NOT NULL DEFAULT 'localhost',
  nodeport integer NOT NULL DEFAULT current_setting('port')::integer,
  database text NOT NULL DEFAULT current_database(),
  username text NOT NULL DEFAULT current_user,
  active boolean NOT NULL DEFAULT true,
  jobname text,
  UNIQUE (jobname, username)
);
COMMENT ON TABLE cron.job IS 'Commands that the daemon of Freshet runs by schedule';
COMMENT ON COLUMN cron.job.jobid IS 'Number of the job';
COMMENT ON COLUMN cron.job.schedule IS 'Five fields of cron in GMT, a nickname such as @hourly, or 1 to 99 seconds';
COMMENT ON COLUMN cron.job.command IS 'SQL to run';
COMMENT ON COLUMN cron.job.nodename IS 'As in pg_cron; not used';
COMMENT ON COLUMN cron.job.nodeport IS 'As in pg_cron; not used';
COMMENT ON COLUMN cron.job.database IS 'Always this database';
COMMENT ON COLUMN cron.job.username IS 'Owner of the job: it does what this role may do';
COMMENT ON COLUMN cron.job.active IS 'false: the job is kept and not run';
COMMENT ON COLUMN cron.job.jobname IS 'Name, unique among the jobs of one owner';

CREATE TABLE cron.job_run_details (
  jobid bigint,
  runid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_pid integer,
  database text,
  username text,
  command text,
  status text,
  return_message text,
  start_time timestamptz,
  end_time timestamptz
);
CREATE INDEX job_run_details_by_job ON cron.job_run_details (jobid, runid);
COMMENT ON TABLE cron.job_run_details IS 'Runs of the jobs; as with pg_cron, nobody but you deletes them';
COMMENT ON COLUMN cron.job_run_details.jobid IS 'The job';
COMMENT ON COLUMN cron.job_run_details.runid IS 'Number of the run';
COMMENT ON COLUMN cron.job_run_details.job_pid IS 'Server process that ran a statement as it is; empty for refreshes, whose process is in freshet.refreshes';
COMMENT ON COLUMN cron.job_run_details.database IS 'Always this database';
COMMENT ON COLUMN cron.job_run_details.username IS 'Owner of the job';
COMMENT ON COLUMN cron.job_run_details.command IS 'What ran';
COMMENT ON COLUMN cron.job_run_details.status IS 'running, succeeded or failed';
COMMENT ON COLUMN cron.job_run_details.return_message IS 'Result of a run that succeeded, error of one that failed';
COMMENT ON COLUMN cron.job_run_details.start_time IS 'When it began';
COMMENT ON COLUMN cron.job_run_details.end_time IS 'When it ended';

ALTER TABLE cron.job ENABLE ROW LEVEL SECURITY;
CREATE POLICY cron_job_policy ON cron.job USING (username = current_user) WITH CHECK (username = current_user);
ALTER TABLE cron.job_run_details ENABLE ROW LEVEL SECURITY;
CREATE POLICY cron_job_run_details_policy ON cron.job_run_details USING (username = current_user);
GRANT SELECT, DELETE, INSERT (schedule, command, active, jobname), UPDATE (schedule, command, active) ON cron.job TO PUBLIC;
GRANT SELECT, DELETE ON cron.job_run_details TO PUBLIC;

-- Refuses early what the daemon would refuse: a text that is no schedule at all, and a command of another role
-- than the owner of this schema that begins like neither of the two that it may run.
CREATE FUNCTION cron.check_job(schedule text, command text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF schedule !~* '^\s*(@[a-z]+|[1-9][0-9]?\s+seconds?|\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s*$' OR schedule IS NULL THEN
    RAISE EXCEPTION 'invalid schedule: %', schedule
      USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Use cron format (e.g. 5 4 * * *), or interval format ''[1-99] seconds''.';
  END IF;
  IF command ~ '^\s*[A-Za-z]' AND command !~* '^\s*(refresh|call)\y'
      AND NOT pg_has_role((SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'cron'), 'USAGE') THEN
    RAISE EXCEPTION 'a job of role "%" cannot run this command', current_user
      USING ERRCODE = 'insufficient_privilege',
            HINT = 'Such a job may be one REFRESH MATERIALIZED VIEW or one CALL freshet.refresh.';
  END IF;
END
$$;
COMMENT ON FUNCTION cron.check_job(text, text) IS 'Refuses what the daemon would refuse, as far as it can be told before';

CREATE FUNCTION cron.schedule(schedule text, command text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  id bigint;
BEGIN
  PERFORM cron.check_job($1, $2);
  INSERT INTO cron.job AS j (schedule, command) VALUES ($1, $2) RETURNING j.jobid INTO id;
  RETURN id;
END
$$;
COMMENT ON FUNCTION cron.schedule(text, text) IS 'Adds a job';

CREATE FUNCTION cron.schedule(job_name text, schedule text, command text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  id bigint;
BEGIN
  PERFORM cron.check_job($2, $3);
  IF job_name IS NULL THEN
    RAISE EXCEPTION 'job_name can not be NULL' USING ERRCODE = 'null_value_not_allowed';
  END IF;
  INSERT INTO cron.job AS j (jobname, schedule, command) VALUES ($1, $2, $3)
    ON CONFLICT (jobname, username) DO UPDATE SET schedule = excluded.schedule, command = excluded.command
    RETURNING j.jobid INTO id;
  RETURN id;
END
$$;
COMMENT ON FUNCTION cron.schedule(text, text, text) IS 'Adds a job, or changes the one of this name';

CREATE FUNCTION cron.unschedule(job_id bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM cron.job j WHERE j.jobid = $1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'could not find valid entry for job %', $1 USING ERRCODE = 'no_data_found';
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION cron.unschedule(bigint) IS 'Removes a job';

CREATE FUNCTION cron.unschedule(job_name text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM cron.job j WHERE j.jobname = $1 AND j.username = current_user;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'could not find valid entry for job ''%''', $1 USING ERRCODE = 'no_data_found';
  END IF;
  RETURN true;
END
$$;
COMMENT ON FUNCTION cron.unschedule(text) IS 'Removes the job of this name';
