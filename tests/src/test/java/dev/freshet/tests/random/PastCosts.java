package dev.freshet.tests.random;

/// What the refreshes of a view are said to have taken, so that `auto` gives up changes that touch
/// more than usual once it has counted that, whatever the machine does.
final class PastCosts {
  /// How the history calls that.
  static final String HANDED_OVER = "the changes touch";

  private PastCosts() {}

  /// Applying changes takes 100 ms for each key or row. That is just worth it for as many as the
  /// latest refreshes have touched. The whole query was tried.
  static String rewritten(String view) {
    return """
    UPDATE freshet.refresh_history h
    SET finished_at = h.started_at + coalesce(h.given_up_after, '0')
      + interval '1 ms' * CASE h.strategy WHEN 'incremental' THEN 100 * h.affected ELSE 102 * usual.affected END,
      pending = CASE h.strategy WHEN 'incremental' THEN h.pending ELSE greatest(h.pending, 1) END
    FROM (
      SELECT avg(l.affected) AS affected FROM (
        SELECT i.affected FROM freshet.refresh_history i
        WHERE i.view_id = freshet.find_view('%1$s') AND i.strategy = 'incremental' AND i.affected > 0
        ORDER BY i.id DESC LIMIT 5) l) usual
    WHERE h.view_id = freshet.find_view('%1$s') AND h.outcome = 'succeeded' AND usual.affected IS NOT NULL\
    """
        .formatted(view);
  }
}
