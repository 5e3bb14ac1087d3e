package dev.freshet.compiler.sql;

import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.ViewOptions.Check;
import dev.freshet.compiler.sql.ViewOptions.DelayRange;
import dev.freshet.compiler.sql.ViewOptions.Publishing;
import dev.freshet.compiler.sql.ViewOptions.Scheduling;
import dev.freshet.compiler.sql.ViewOptions.TopOff;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks the `freshet.*` options one by one, then together.
///
/// A `freshet.top_off_...` option is accepted beside any strategy, because a single refresh can ask
/// for `top-off` whatever the view's own strategy is. The strategy `top-off` without one is
/// refused: it could never do its work.
final class OptionReader {
  private static final List<String> NAMES =
      List.of(
          "freshet.refresh",
          "freshet.schedule",
          "freshet.time_zone",
          "freshet.timeout",
          "freshet.retries",
          "freshet.lock_timeout",
          "freshet.lock_attempts",
          "freshet.lock_delay",
          "freshet.top_off_where",
          "freshet.top_off_call",
          "freshet.check",
          "freshet.max_pending_rows",
          "freshet.on_error",
          "freshet.shards",
          "freshet.unlogged",
          "freshet.reads",
          "freshet.hidden_state");

  /// Known names that no strategy of this version obeys.
  private static final Set<String> LATER = Set.of("freshet.lag", "freshet.group");

  private static final DelayRange DELAY =
      new DelayRange(Duration.ofMillis(50), Duration.ofMillis(200));

  private final Map<String, OptionSetting> settings = new HashMap<>();
  private final Map<String, String> canonical = new HashMap<>();

  private OptionReader() {}

  static ViewOptions read(List<OptionSetting> settings) {
    OptionReader reader = new OptionReader();
    settings.forEach(reader::add);
    return reader.read();
  }

  private void add(OptionSetting setting) {
    if (LATER.contains(setting.name())) {
      throw notYet(setting, "option \"" + setting.name() + "\"");
    }
    if (!NAMES.contains(setting.name())) {
      Problem problem =
          Problem.of("22023", "unknown option \"" + setting.name() + "\"")
              .withHint(Nearest.hint(setting.name(), NAMES));
      throw new CompileException(problem.at(setting.namePosition()));
    }
    settings.put(setting.name(), setting);
  }

  private ViewOptions read() {
    RefreshStrategy refresh = readStrategy();
    Scheduling scheduling = readScheduling();
    Publishing publishing = readPublishing();
    TopOff topOff = readTopOff();
    boolean unlogged = readBoolean("freshet.unlogged");
    readMaxPendingRows();
    readOnError();
    checkReads(refresh);
    checkHiddenState(refresh);
    checkShards(refresh, topOff);
    checkTopOff(refresh, topOff);
    return new ViewOptions(refresh, scheduling, publishing, topOff, unlogged, inOrder());
  }

  private RefreshStrategy readStrategy() {
    OptionSetting setting = settings.get("freshet.refresh");
    if (setting == null) {
      return RefreshStrategy.AUTO;
    }
    keep(setting, OptionValues.oneOf(setting, RefreshStrategy.texts()));
    return RefreshStrategy.of(setting.value()).orElseThrow();
  }

  private Scheduling readScheduling() {
    OptionSetting schedule = settings.get("freshet.schedule");
    OptionSetting zone = settings.get("freshet.time_zone");
    OptionSetting timeout = settings.get("freshet.timeout");
    OptionSetting retries = settings.get("freshet.retries");
    return new Scheduling(
        schedule == null ? null : readSchedule(schedule),
        zone == null ? ZoneOffset.UTC : readZone(zone),
        timeout == null ? null : readTimeout(timeout),
        retries == null ? 3 : readInteger(retries, 0, 100));
  }

  private Schedule readSchedule(OptionSetting setting) {
    Schedule schedule = ScheduleParser.parse(setting);
    keep(setting, schedule.text());
    return schedule;
  }

  private ZoneId readZone(OptionSetting setting) {
    ZoneId zone = OptionValues.zone(setting);
    keep(setting, zone.getId());
    return zone;
  }

  private @Nullable Duration readTimeout(OptionSetting setting) {
    if (setting.value().equals("none")) {
      keep(setting, "none");
      return null;
    }
    return readDuration(setting, Duration.ofMillis(1), Duration.ofDays(30));
  }

  private Publishing readPublishing() {
    OptionSetting timeout = settings.get("freshet.lock_timeout");
    OptionSetting attempts = settings.get("freshet.lock_attempts");
    OptionSetting delay = settings.get("freshet.lock_delay");
    return new Publishing(
        timeout == null
            ? Duration.ofMillis(40)
            : readDuration(timeout, Duration.ofMillis(1), Duration.ofMinutes(1)),
        attempts == null ? 20 : readInteger(attempts, 1, 10_000),
        delay == null ? DELAY : readDelay(delay));
  }

  private DelayRange readDelay(OptionSetting setting) {
    DelayRange range = OptionValues.delayRange(setting);
    keep(setting, DurationText.range(range.shortest(), range.longest()));
    return range;
  }

  private TopOff readTopOff() {
    OptionSetting where = settings.get("freshet.top_off_where");
    OptionSetting call = settings.get("freshet.top_off_call");
    OptionSetting check = settings.get("freshet.check");
    return new TopOff(
        where == null ? null : readCondition(where),
        call == null ? null : readProcedure(call),
        check == null ? Check.SAMPLE : readCheck(check));
  }

  private String readCondition(OptionSetting setting) {
    String condition = OptionValues.condition(setting);
    keep(setting, condition);
    return condition;
  }

  private QualifiedName readProcedure(OptionSetting setting) {
    QualifiedName procedure = OptionValues.procedure(setting);
    keep(setting, procedure.sql());
    return procedure;
  }

  private Check readCheck(OptionSetting setting) {
    String check = OptionValues.oneOf(setting, List.of("sample", "full", "off"));
    keep(setting, check);
    return switch (check) {
      case "full" -> Check.FULL;
      case "off" -> Check.OFF;
      default -> Check.SAMPLE;
    };
  }

  private boolean readBoolean(String name) {
    OptionSetting setting = settings.get(name);
    if (setting == null) {
      return false;
    }
    boolean value = OptionValues.bool(setting);
    keep(setting, String.valueOf(value));
    return value;
  }

  private int readInteger(OptionSetting setting, int lowest, int highest) {
    int value = OptionValues.integer(setting, lowest, highest);
    keep(setting, String.valueOf(value));
    return value;
  }

  private Duration readDuration(OptionSetting setting, Duration lowest, Duration highest) {
    Duration value = OptionValues.duration(setting, lowest, highest);
    keep(setting, DurationText.print(value));
    return value;
  }

  private void readMaxPendingRows() {
    OptionSetting setting = settings.get("freshet.max_pending_rows");
    if (setting != null) {
      readInteger(setting, 1, Integer.MAX_VALUE);
    }
  }

  private void readOnError() {
    OptionSetting setting = settings.get("freshet.on_error");
    if (setting != null) {
      keep(setting, OptionValues.oneOf(setting, List.of("fail-write", "defer")));
    }
  }

  private void checkReads(RefreshStrategy refresh) {
    OptionSetting reads = settings.get("freshet.reads");
    if (reads == null) {
      return;
    }
    keep(reads, OptionValues.oneOf(reads, List.of("stored", "real-time")));
    boolean captured =
        settings.containsKey("freshet.refresh")
            && (refresh == RefreshStrategy.INCREMENTAL || refresh == RefreshStrategy.AUTO);
    if (reads.value().equals("real-time") && !captured) {
      String message = "real-time reading needs the changes of the tables";
      throw OptionValues.invalid(reads, 0, message, "Set freshet.refresh = 'incremental'.");
    }
  }

  private void checkHiddenState(RefreshStrategy refresh) {
    OptionSetting state = settings.get("freshet.hidden_state");
    if (state == null) {
      return;
    }
    keep(state, OptionValues.oneOf(state, List.of("kept", "none")));
    if (refresh == RefreshStrategy.EAGER && state.value().equals("none")) {
      String message = "refresh strategy \"eager\" adds to counts and sums that are kept";
      throw OptionValues.invalid(state, 0, message, "Set freshet.refresh = 'on-commit'.");
    }
  }

  private void checkShards(RefreshStrategy refresh, TopOff topOff) {
    OptionSetting shards = settings.get("freshet.shards");
    if (shards == null || readInteger(shards, 1, 64) == 1) {
      return;
    }
    if (!refresh.isImmediate()) {
      String message = "shards spread what transactions write to a view";
      throw OptionValues.invalid(shards, 0, message, "Set freshet.refresh = 'on-commit'.");
    }
    if (topOff.isSet()) {
      String message = "freshet.shards and a top-off exclude each other";
      throw OptionValues.invalid(shards, 0, message, null);
    }
    if ("none".equals(canonical.get("freshet.hidden_state"))) {
      String message = "shards are added up from counts and sums that are kept";
      throw OptionValues.invalid(shards, 0, message, "Set freshet.hidden_state = 'kept'.");
    }
  }

  private void checkTopOff(RefreshStrategy refresh, TopOff topOff) {
    OptionSetting strategy = settings.get("freshet.refresh");
    if (refresh == RefreshStrategy.TOP_OFF && strategy != null && !topOff.isSet()) {
      String message = "refresh strategy \"top-off\" needs to know what to top off";
      String hint = "Set freshet.top_off_where or freshet.top_off_call.";
      throw OptionValues.invalid(strategy, 0, message, hint);
    }
    OptionSetting call = settings.get("freshet.top_off_call");
    if (call != null && topOff.where() != null) {
      String message = "freshet.top_off_where and freshet.top_off_call exclude each other";
      throw OptionValues.invalid(call, 0, message, null);
    }
  }

  private void keep(OptionSetting setting, String value) {
    canonical.put(setting.name(), value);
  }

  private Map<String, String> inOrder() {
    Map<String, String> ordered = new LinkedHashMap<>();
    for (String name : NAMES) {
      if (canonical.containsKey(name)) {
        ordered.put(name, canonical.getOrDefault(name, ""));
      }
    }
    return Collections.unmodifiableMap(ordered);
  }

  private static CompileException notYet(OptionSetting setting, String what) {
    Problem problem = Problem.of("0A000", what + " is not supported yet");
    return new CompileException(problem.at(setting.namePosition()));
  }
}
