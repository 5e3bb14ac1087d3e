package dev.freshet.engine.schedule;

import dev.freshet.RefreshRequest;
import dev.freshet.Strategy;
import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.sql.RefreshStatement;
import java.util.Optional;

/// What the text of a job asks for.
sealed interface CronCommand {

  /// `REFRESH MATERIALIZED VIEW`, by a name as the text has it.
  record Native(String view, boolean concurrently, boolean withData) implements CronCommand {

    /// What it means for a view that Freshet looks after.
    RefreshRequest request(String name) {
      return RefreshRequest.of(name).with(concurrently ? Strategy.CONCURRENT : Strategy.FULL);
    }

    /// The statement for any other materialized view.
    String statement(String name) {
      String how = concurrently ? "CONCURRENTLY " : "";
      return "REFRESH MATERIALIZED VIEW " + how + name + (withData ? "" : " WITH NO DATA");
    }
  }

  /// `CALL freshet.refresh`, by a name as the text has it.
  ///
  /// @param strategy empty leaves it to the view's options
  /// @param withSources refresh stale sources first
  /// @param waits wait for another refresh of the view
  record Call(String view, Optional<Strategy> strategy, boolean withSources, boolean waits)
      implements CronCommand {

    RefreshRequest request(String name) {
      RefreshRequest request = RefreshRequest.of(name).withOnly(!withSources).withWaits(waits);
      return strategy.map(request::with).orElse(request);
    }
  }

  /// Anything else.
  ///
  /// @param reason why it is none of the two, in a sentence
  record Other(String reason) implements CronCommand {}

  static CronCommand parse(String text) {
    try {
      return switch (RefreshStatement.parse(text)) {
        case RefreshStatement.Refresh(var view, var concurrently, var withData) ->
            new Native(view.sql(), concurrently, withData);
        case RefreshStatement.Call call -> call(call);
        case RefreshStatement.CallAll() -> new Other("It refreshes views of every owner.");
      };
    } catch (CompileException e) {
      return new Other("What stands there: " + e.problem().message() + ".");
    }
  }

  private static CronCommand call(RefreshStatement.Call call) {
    Optional<String> view = value(call, "view", 0);
    if (view.isEmpty()) {
      return new Other("It names no view.");
    }
    boolean withSources = isTrue(value(call, "with_sources", 2));
    boolean waits = isTrue(value(call, "wait", 3));
    try {
      Optional<Strategy> strategy = value(call, "strategy", 1).map(Strategy::ofLabel);
      return new Call(view.get(), strategy, withSources, waits);
    } catch (IllegalArgumentException e) {
      return new Other("It names no strategy that there is.");
    }
  }

  private static Optional<String> value(RefreshStatement.Call call, String name, int place) {
    return call.argument(name, place).map(RefreshStatement.Argument::value);
  }

  /// As PostgreSQL reads a boolean; absent means the default, true.
  private static boolean isTrue(Optional<String> value) {
    return value.isEmpty() || value.get().strip().matches("(?i)t(rue)?|y(es)?|on|1");
  }
}
