package dev.freshet.engine.install;

import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.engine.catalog.Session;

/// Builds a storage within the transaction that creates or replaces a view, and notes it in the
/// history.
final class FirstContent {
  private FirstContent() {}

  /// Builds and publishes at once; only for a view that nobody else can see yet.
  static void build(Session session, ViewShape shape) {
    int id = shape.storage().viewId();
    long refresh = begin(session, id);
    long rows = compute(session, shape);
    noteWatermark(session, id);
    publish(session, shape);
    end(session, refresh, id, rows, "created");
  }

  static long begin(Session session, int id) {
    return session.one(
        """
        INSERT INTO freshet.refresh_history (view_id, requested, strategy, origin)
        VALUES (?, 'full', 'full', 'apply') RETURNING id
        """,
        row -> row.getLong(1),
        id);
  }

  static long compute(Session session, ViewShape shape) {
    session.one(
        "SELECT freshet.require_unrewritten(ARRAY[?::regclass])::text",
        row -> row.getString(1),
        shape.object("_query"));
    return session.one("SELECT " + shape.object("_build") + "()", row -> row.getLong(1));
  }

  /// Notes with which snapshot the content was computed.
  static void noteWatermark(Session session, int id) {
    session.one("SELECT freshet.note_watermark(?)::text", row -> row.getString(1), id);
  }

  /// Puts the first storage in place; no reader can be in the way.
  static void publish(Session session, ViewShape shape) {
    session.one(
        "SELECT %s(1, clock_timestamp() + interval '1 minute')::text"
            .formatted(shape.object("_publish")),
        row -> row.getString(1));
    session.execute("SET LOCAL lock_timeout TO DEFAULT");
    notePublished(session, shape.storage().viewId());
  }

  static void notePublished(Session session, int id) {
    session.one("SELECT freshet.note_published(ARRAY[?])::text", row -> row.getString(1), id);
  }

  static void end(Session session, long refresh, int id, long rows, String reason) {
    session.update(
        """
        UPDATE freshet.refresh_history
        SET outcome = 'succeeded', finished_at = clock_timestamp(), as_of = started_at, reason = ?, rows = ?, inserted = ?
        WHERE id = ?
        """,
        reason,
        rows,
        rows,
        refresh);
    session.update(
        "UPDATE freshet.materialized_views SET as_of = (SELECT h.as_of FROM freshet.refresh_history h WHERE h.id = ?) WHERE id = ?",
        refresh,
        id);
  }
}
