package dev.freshet.engine.schedule;

/// What a job refreshes, with the names and rights of the job's owner.
///
/// @param name qualified and quoted
/// @param known Freshet looks after it
/// @param isMaterializedView it is a materialized view of PostgreSQL
/// @param allowed the owner of the job may refresh it
record CronTarget(String name, boolean known, boolean isMaterializedView, boolean allowed) {}
