package dev.freshet.app.demo;

import dev.freshet.Cancellation;
import dev.freshet.Progress;
import dev.freshet.app.show.Screen;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/// Where the demo plays.
///
/// @param dataSource connections to its server
/// @param screen where it shows
/// @param cancellation what Ctrl-C cancels
record Stage(DataSource dataSource, Screen screen, Cancellation cancellation) {

  /// A step of the demo that is expected to take as long as something measured before.
  static Progress step(String title, String phase, Optional<Duration> expected) {
    return new Progress(title, phase, expected);
  }

  /// A listener that adds an expectation where the library has none.
  static Progress.Listener expecting(Duration expected, Progress.Listener listener) {
    return progress ->
        listener.onProgress(
            step(
                progress.view(),
                progress.phase(),
                progress.expected().or(() -> Optional.of(expected))));
  }
}
