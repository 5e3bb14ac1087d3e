package dev.freshet.app.show;

import dev.freshet.Plan;
import dev.freshet.Plan.Step;
import java.util.ArrayList;
import java.util.List;

/// What `apply` will do, as a diff, or has done, in a line for each step.
public final class PlanText {
  private PlanText() {}

  public static List<String> ofDryRun(Plan plan, Screen screen) {
    List<String> lines = new ArrayList<>();
    for (Step step : plan.steps()) {
      lines.add(screen.paint(Ink.BOLD, step.summary()));
      step.diff().forEach(line -> lines.add(screen.paint(ink(line), line)));
      lines.add("");
    }
    lines.add(Words.count(plan.steps().size(), "step") + ". Nothing was changed.");
    return lines;
  }

  public static List<String> ofDone(Plan plan, Screen screen) {
    return plan.steps().stream()
        .map(step -> screen.paint(Ink.GREEN, "done: ") + step.summary())
        .toList();
  }

  private static Ink ink(String line) {
    if (line.startsWith("+")) {
      return Ink.GREEN;
    }
    return line.startsWith("-") ? Ink.RED : Ink.PLAIN;
  }
}
