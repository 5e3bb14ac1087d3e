package dev.freshet;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How old the content of a view is.
///
/// @param view qualified and quoted name
/// @param populated false while reading the view fails, as after `WITH NO DATA`
/// @param asOf the moment whose data the view shows; empty if it was never refreshed
/// @param age from that moment until the question, by the server's clock
/// @param stale why it is older than it should be, such as a failed refresh; empty if all is well
public record Freshness(
    String view,
    boolean populated,
    Optional<Instant> asOf,
    Optional<Duration> age,
    Optional<String> stale) {}
