-- Object by object and without CASCADE: what somebody else added to the schema, or built on it, refuses the removal.
DROP FUNCTION cron.unschedule(text);
DROP FUNCTION cron.unschedule(bigint);
DROP FUNCTION cron.schedule(text, text, text);
DROP FUNCTION cron.schedule(text, text);
DROP FUNCTION cron.check_job(text, text);
DROP TABLE cron.job_run_details;
DROP TABLE cron.job;
DROP SCHEMA cron;
