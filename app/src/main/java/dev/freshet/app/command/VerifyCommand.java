package dev.freshet.app.command;

import dev.freshet.Freshet;
import dev.freshet.VerifyReport;
import dev.freshet.app.show.Ink;
import dev.freshet.app.show.Screen;
import dev.freshet.app.show.Words;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `freshet verify`.
@Command(
    name = "verify",
    description = "Compares the stored rows with the query, in one snapshot",
    footer = {
      "  freshet verify public.sales              exit code 4 if rows differ",
      "  freshet verify sales --heal              and write the rows that differ",
      "",
      "A view that is not refreshed since its tables changed differs, of course."
    })
final class VerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "VIEW", description = "Name as in SQL.")
  private String view = "";

  @Option(names = "--heal", description = "Write the rows that differ.")
  private boolean heal;

  private final Invocation run;

  VerifyCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    Screen screen = run.screen();
    Freshet freshet = run.cancelledFreshet();
    VerifyReport report = freshet.verify(view, heal);
    if (screen.json()) {
      screen.json(report);
    } else {
      show(report, screen);
    }
    return report.equal() || report.healed().isPresent() ? ExitCode.OK : ExitCode.DIFFERENCES;
  }

  private static void show(VerifyReport report, Screen screen) {
    String compared =
        " (%s compared at %s)"
            .formatted(Words.count(report.rows(), "row"), screen.time(report.comparedAt()));
    if (report.equal()) {
      screen.line(report.view() + screen.paint(Ink.GREEN, " equals its query") + compared);
      return;
    }
    screen.line(report.view() + screen.paint(Ink.RED, " differs from its query") + compared);
    screen.line("  missing     " + Words.count(report.missing(), "row"));
    screen.line("  unexpected  " + Words.count(report.unexpected(), "row"));
    screen.line(outlook(report));
  }

  private static String outlook(VerifyReport report) {
    return report
        .healed()
        .map(healing -> "Healed: refresh %d has written them.".formatted(healing.id()))
        .orElse("Run again with --heal to write them.");
  }
}
