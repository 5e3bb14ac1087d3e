package dev.freshet.compiler.sql;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The `freshet.*` options of a view, checked, with defaults filled in.
///
/// @param settings the options that were set, by name and in the order of the reference, each value
///   in its canonical form: what the catalog keeps
public record ViewOptions(
    RefreshStrategy refresh,
    Scheduling scheduling,
    Publishing publishing,
    TopOff topOff,
    boolean unlogged,
    Map<String, String> settings) {

  /// When the view is refreshed by the daemon.
  ///
  /// @param timeZone of a cron schedule
  /// @param timeout of one refresh; null means none
  /// @param retries after a failure
  public record Scheduling(
      @Nullable Schedule schedule, ZoneId timeZone, @Nullable Duration timeout, int retries) {}

  /// How a new version is put in place of the old one.
  ///
  /// @param lockTimeout for all locks of one attempt together
  /// @param delay between two attempts
  public record Publishing(Duration lockTimeout, int lockAttempts, DelayRange delay) {}

  /// A random delay between two bounds, both included.
  public record DelayRange(Duration shortest, Duration longest) {}

  /// The user's shortcut for a refresh; at most one of window and procedure is set.
  ///
  /// @param where condition on the view's columns: the rows that are computed anew
  /// @param call procedure that brings the rows up to date
  public record TopOff(@Nullable String where, @Nullable QualifiedName call, Check check) {
    public boolean isSet() {
      return where != null || call != null;
    }
  }

  /// What is compared with the query after a top-off.
  public enum Check {
    SAMPLE,
    FULL,
    OFF
  }

  /// What the storage of an incremental view holds besides the rows that it shows.
  public enum HiddenState {
    /// counts and sums of groups, to which changes are added
    KEPT,
    /// nothing but keys: groups that changes touch are computed anew
    NONE;

    /// The state that an option asks for.
    ///
    /// @param value null means the default
    public static HiddenState of(@Nullable String value) {
      return "none".equals(value) ? NONE : KEPT;
    }
  }

  public HiddenState hiddenState() {
    return HiddenState.of(settings.get("freshet.hidden_state"));
  }

  /// Rows that may wait in a change log of the view.
  public long maxPendingRows() {
    return Long.parseLong(settings.getOrDefault("freshet.max_pending_rows", "10000000"));
  }

  /// Rows that a group can have, so that its writers seldom wait for one another.
  public int shards() {
    return Integer.parseInt(settings.getOrDefault("freshet.shards", "1"));
  }

  /// Whether the view itself shows changes since its last refresh.
  public boolean readsInRealTime() {
    return "real-time".equals(settings.get("freshet.reads"));
  }

  /// Reads the options of a view file; the first wrong one is refused at its place.
  public static ViewOptions of(List<OptionSetting> settings) {
    return OptionReader.read(settings);
  }

  /// Reads options by name, as `settings` gives them.
  public static ViewOptions of(Map<String, String> settings) {
    return of(
        settings.entrySet().stream()
            .map(entry -> OptionSetting.of(entry.getKey(), entry.getValue()))
            .toList());
  }

  /// The list as a view file would write it; empty when nothing is set.
  public Optional<String> sql() {
    return settings.isEmpty()
        ? Optional.empty()
        : Optional.of(
            settings.entrySet().stream()
                .map(entry -> OptionSetting.of(entry.getKey(), entry.getValue()).sql())
                .collect(Collectors.joining(", ", "WITH (", ")")));
  }
}
