package dev.freshet.app.http;

import dev.freshet.Strategy;
import dev.freshet.engine.schedule.RefreshTicket;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A requested refresh as JSON.
///
/// @param refresh its own address
/// @param historyId number in `freshet.refreshes`, once it succeeded
/// @param problem PostgreSQL's fields of the error, once it failed
record RefreshJson(
    String refresh,
    RefreshTicket.Status status,
    String view,
    Optional<Strategy> strategy,
    Instant requestedAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    Optional<Long> historyId,
    Optional<Map<String, Object>> problem) {

  static RefreshJson of(RefreshTicket ticket) {
    return new RefreshJson(
        "/api/refreshes/" + ticket.id(),
        ticket.status(),
        ticket.view(),
        ticket.strategy(),
        ticket.times().requestedAt(),
        ticket.times().startedAt(),
        ticket.times().finishedAt(),
        ticket.outcome().refresh(),
        ticket.outcome().problem().map(Answer::fieldsOf));
  }
}
