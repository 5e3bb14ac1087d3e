package dev.freshet;

import java.time.Duration;
import java.util.Optional;

/// What a refresh wrote and waited for.
///
/// @param rows rows in the view afterwards
/// @param inserted rows written anew
/// @param updated rows changed in place
/// @param deleted rows removed
/// @param pending rows of its tables that were captured since the refresh before; empty where that
///   was not counted
/// @param netted what was left of them after changes that undo one another; empty where they were
///   not applied
/// @param walBytes write-ahead log that the server wrote meanwhile, in bytes: an upper bound
/// @param attempts tries to publish; 0 where nothing was published
/// @param lockWait time the successful and failed tries waited for locks
public record RefreshWork(
    long rows,
    long inserted,
    long updated,
    long deleted,
    Optional<Long> pending,
    Optional<Long> netted,
    long walBytes,
    int attempts,
    Duration lockWait) {}
