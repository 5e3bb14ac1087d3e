package dev.freshet.engine.schedule;

import java.util.Optional;

/// What a job that succeeded returns.
///
/// @param message as psql says it, such as `2 rows`
/// @param pid server process that ran it, if it was a statement as it is
record CronResult(String message, Optional<Integer> pid) {}
