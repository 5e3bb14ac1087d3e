package dev.freshet.engine.schedule;

import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.Progress;
import dev.freshet.RefreshReport;
import dev.freshet.RefreshRequest;
import dev.freshet.compiler.Problem;
import java.util.List;

/// Refreshes one view in a way that lets the daemon stop.
record Refresher(Freshet freshet, RunningJobs running) {

  /// Returns the report of the view itself.
  ///
  /// @throws FreshetException why it was not refreshed; 57014 if the daemon stops
  RefreshReport refresh(RefreshRequest request) {
    List<RefreshReport> reports =
        running.run(stop -> freshet.refresh(request, Progress.Listener.NONE, stop));
    if (reports.isEmpty()) {
      throw new FreshetException(Problem.of("57014", "canceling refresh because the daemon stops"));
    }
    return reports.getLast();
  }
}
