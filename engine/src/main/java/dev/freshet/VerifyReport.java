package dev.freshet;

import java.time.Instant;
import java.util.Optional;

/// The stored rows of a view compared with its query in one snapshot.
///
/// @param view qualified and quoted name
/// @param rows stored rows
/// @param missing rows of the query that are not stored, duplicates counted
/// @param unexpected stored rows that the query does not return, duplicates counted
/// @param comparedAt when the snapshot was taken
/// @param healed the refresh that mended the difference, if one was asked for and needed
public record VerifyReport(
    String view,
    long rows,
    long missing,
    long unexpected,
    Instant comparedAt,
    Optional<RefreshReport> healed) {

  /// True if view and query were equal.
  public boolean equal() {
    return missing == 0 && unexpected == 0;
  }

  VerifyReport healedBy(RefreshReport refresh) {
    return new VerifyReport(view, rows, missing, unexpected, comparedAt, Optional.of(refresh));
  }
}
