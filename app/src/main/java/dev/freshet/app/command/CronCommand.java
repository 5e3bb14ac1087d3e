package dev.freshet.app.command;

import dev.freshet.Freshet;
import dev.freshet.app.connect.Server;
import dev.freshet.app.show.Screen;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.install.CronSchema;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;

/// `freshet cron`.
@Command(
    name = "cron",
    description = {
      "Lets SQL written for extension pg_cron run where the extension is not",
      "",
      "install makes schema cron with cron.schedule, cron.unschedule, cron.job and",
      "cron.job_run_details; freshet serve then runs the jobs, in GMT as pg_cron does.",
      "Where pg_cron is there it is used, and install prints what to schedule with it."
    },
    footer = {
      "  freshet cron install",
      "  freshet cron status",
      "  freshet cron remove      before CREATE EXTENSION pg_cron"
    })
final class CronCommand implements Callable<Integer> {
  private final Invocation run;

  CronCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() {
    throw new UsageProblem("say what to do: cron install, cron remove or cron status");
  }

  /// Makes schema `cron`, or says how to use the extension.
  @Command(name = "install", description = "Makes schema cron, unless pg_cron is there")
  Integer install() {
    Server server = run.server();
    Freshet.connect(server).install();
    return with(
        server,
        cron ->
            switch (cron.install()) {
              case EXTENSION ->
                  say(
                      "extension",
                      "Extension pg_cron is in this database and is used. To refresh with it:",
                      cron.statementsForExtension());
              case INSTALLED, ABSENT, FOREIGN ->
                  say("installed", "Schema cron is there; freshet serve runs its jobs.", List.of());
            });
  }

  /// Removes schema `cron` and shows how to make its jobs again.
  @Command(name = "remove", description = "Removes schema cron with its jobs")
  Integer remove() {
    return with(
        run.server(),
        cron -> {
          List<String> jobs = cron.remove();
          String after = jobs.isEmpty() ? "" : " Its jobs were:";
          return say("absent", "There is no schema cron of Freshet now." + after, jobs);
        });
  }

  /// Shows whose schema `cron` is.
  @Command(name = "status", description = "Shows whose schema cron is")
  Integer status() {
    return with(
        run.server(),
        cron -> {
          CronSchema.State state = cron.state();
          String text =
              switch (state) {
                case ABSENT -> "There is no schema cron; make it with: freshet cron install";
                case INSTALLED -> "Schema cron is Freshet's; its jobs: SELECT * FROM cron.job;";
                case EXTENSION -> "Schema cron is that of extension pg_cron, which is used.";
                case FOREIGN -> "Schema cron is neither Freshet's nor that of pg_cron.";
              };
          return say(state.name().toLowerCase(Locale.ROOT), text, List.of());
        });
  }

  private static Integer with(Server server, Function<CronSchema, Integer> work) {
    try (Session session = Session.open(server)) {
      return work.apply(new CronSchema(session));
    }
  }

  private Integer say(String state, String text, List<String> statements) {
    Screen screen = run.screen();
    if (screen.json()) {
      screen.json(Map.of("state", state, "statements", statements));
    } else {
      screen.line(text);
      screen.lines(statements);
    }
    return ExitCode.OK;
  }
}
