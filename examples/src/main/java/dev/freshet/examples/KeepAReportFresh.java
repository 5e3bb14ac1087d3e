package dev.freshet.examples;

import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.Freshness;
import dev.freshet.Progress;
import dev.freshet.RefreshReport;
import dev.freshet.RefreshRequest;
import dev.freshet.Strategy;
import dev.freshet.VerifyReport;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/// The whole life of a view through the library: create, watch, refresh, compare, drop.
public final class KeepAReportFresh {
  private final Freshet freshet;

  public KeepAReportFresh(DataSource dataSource) {
    freshet = Freshet.connect(dataSource);
  }

  /// Declares the report; the table `sales(region text, amount numeric)` must exist.
  public void create() {
    freshet.install();
    freshet.create(
        """
        CREATE MATERIALIZED VIEW sales_by_region WITH (freshet.refresh = 'concurrent') AS
          SELECT region, count(*) AS sales, sum(amount) AS amount FROM sales GROUP BY region;
        CREATE UNIQUE INDEX sales_by_region_key ON sales_by_region (region);
        """);
  }

  /// Refreshes with progress, gives up after a minute, and can be cancelled from another thread.
  public RefreshReport refresh(Progress.Listener listener, Cancellation cancellation) {
    RefreshRequest request =
        RefreshRequest.of("sales_by_region")
            .with(Strategy.CONCURRENT)
            .withTimeout(Duration.ofMinutes(1));
    List<RefreshReport> reports = freshet.refresh(request, listener, cancellation);
    return reports.getLast();
  }

  /// What a page would print under the report.
  public String caption() {
    Freshness freshness = freshet.freshness("sales_by_region");
    return freshness.asOf().map(time -> "as of " + time).orElse("never refreshed");
  }

  /// True if the stored rows are what the query returns now; mends them if not.
  public boolean wasEqual() {
    VerifyReport report = freshet.verify("sales_by_region", true);
    return report.equal();
  }

  /// Drops the report. Returns the server's reason if something depends on it, else an empty text.
  public String drop() {
    try {
      freshet.drop("sales_by_region");
      return "";
    } catch (FreshetException e) {
      return e.problem().message();
    }
  }
}
