package dev.freshet.engine.schedule;

/// A job of schema `cron`, as pg_cron keeps it.
///
/// @param id number of the job
/// @param schedule as its owner wrote it
/// @param command SQL, as its owner wrote it
/// @param owner role whose rights the job has
public record CronJob(long id, String schedule, String command, String owner) {}
