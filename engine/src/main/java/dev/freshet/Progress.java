package dev.freshet;

import java.time.Duration;
import java.util.Optional;

/// A step of a long task that has begun.
///
/// @param view qualified name of the view, or of the table being loaded
/// @param phase what is being done, such as `build`, `index`, `publish`
/// @param expected how long this view took last time, if known
public record Progress(String view, String phase, Optional<Duration> expected) {

  /// Told of each step, on the thread that the task runs on or another; must return quickly.
  @FunctionalInterface
  public interface Listener {
    Listener NONE = progress -> {};

    void onProgress(Progress progress);
  }
}
