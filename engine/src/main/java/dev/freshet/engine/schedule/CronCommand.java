package dev.freshet.engine.schedule;

import dev.freshet.RefreshRequest;
import dev.freshet.Strategy;
import java.util.Optional;

/// What the text of a job asks for.
sealed interface CronCommand {

  /// @param view name as the text has it
  /// @param strategy as the text says it; empty leaves it to the view's options
  /// @param withData false for `WITH NO DATA`
  /// @param isCall `CALL freshet.refresh`, not `REFRESH MATERIALIZED VIEW`
  record Refresh(String view, Optional<Strategy> strategy, boolean withData, boolean isCall)
      implements CronCommand {

    RefreshRequest request(String name) {
      RefreshRequest plain = RefreshRequest.of(name);
      return strategy.map(plain::with).orElse(plain);
    }

    /// The statement for a materialized view that Freshet does not look after.
    String nativeStatement(String name) {
      boolean concurrently = strategy.equals(Optional.of(Strategy.CONCURRENT));
      return "REFRESH MATERIALIZED VIEW "
          + (concurrently ? "CONCURRENTLY " : "")
          + name
          + (withData ? "" : " WITH NO DATA");
    }
  }

  /// Anything else.
  ///
  /// @param reason why it is none of the two
  record Other(String reason) implements CronCommand {}

  static CronCommand parse(String text) {
    return new Other(text);
  }
}
