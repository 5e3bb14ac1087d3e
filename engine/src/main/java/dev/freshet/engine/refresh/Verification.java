package dev.freshet.engine.refresh;

import dev.freshet.RefreshReport;
import dev.freshet.VerifyReport;
import dev.freshet.engine.catalog.Session;
import java.sql.Timestamp;
import java.util.Optional;

/// Compares the stored rows of a view with its query, in one snapshot.
///
/// Locks: ACCESS SHARE on the storage and on what the query reads.
public final class Verification {
  private Verification() {}

  public static VerifyReport verify(Session session, int view) {
    return session.inTransaction(() -> {
      session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      session.one(
          "SELECT freshet.trust(m)::text FROM freshet.materialized_views m WHERE m.id = ?",
          row -> row.getString(1),
          view);
      String function =
          session.one(
              "SELECT format('freshet_data.%I', m.base_name || '_verify') FROM freshet.materialized_views m WHERE m.id = ?",
              row -> row.getString(1), view);
      return session.one(
          "SELECT m.relation::text, v.*, clock_timestamp() FROM "
              + function
              + "() v, freshet.materialized_views m WHERE m.id = ?",
          row ->
              new VerifyReport(
                  row.getString(1),
                  row.getLong(2),
                  row.getLong(3),
                  row.getLong(4),
                  timestamp(row.getTimestamp(5)),
                  Optional.<RefreshReport>empty()),
          view);
    });
  }

  private static java.time.Instant timestamp(Timestamp time) {
    return time.toInstant();
  }
}
