package dev.freshet;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What to refresh, and how.
///
/// @param views names as in SQL, such as `public.sales` or `"My View"`; empty means all views
/// @param strategy instead of the one in the views' options
/// @param only leave the managed sources of the views as they are
/// @param waits wait for another refresh of the same view to end; otherwise fail with 55P03
/// @param timeout for each view instead of the option's; zero means none
/// @param origin who asked, for the history: `manual`, `api`, `schedule`
public record RefreshRequest(
    List<String> views,
    Optional<Strategy> strategy,
    boolean only,
    boolean waits,
    Optional<Duration> timeout,
    String origin) {

  public RefreshRequest {
    views = List.copyOf(views);
  }

  public static RefreshRequest of(String... views) {
    return new RefreshRequest(
        List.of(views), Optional.empty(), false, true, Optional.empty(), "manual");
  }

  /// Every view of the database, one transaction for each connected chain.
  public static RefreshRequest all() {
    return of();
  }

  public RefreshRequest with(Strategy chosen) {
    return new RefreshRequest(views, Optional.of(chosen), only, waits, timeout, origin);
  }

  public RefreshRequest withOnly(boolean chosen) {
    return new RefreshRequest(views, strategy, chosen, waits, timeout, origin);
  }

  public RefreshRequest withWaits(boolean chosen) {
    return new RefreshRequest(views, strategy, only, chosen, timeout, origin);
  }

  public RefreshRequest withTimeout(Duration chosen) {
    return new RefreshRequest(views, strategy, only, waits, Optional.of(chosen), origin);
  }

  public RefreshRequest withOrigin(String chosen) {
    return new RefreshRequest(views, strategy, only, waits, timeout, chosen);
  }
}
