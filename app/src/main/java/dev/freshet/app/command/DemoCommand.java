package dev.freshet.app.command;

import dev.freshet.app.demo.Demo;
import dev.freshet.app.demo.DemoOptions;
import dev.freshet.app.postgres.EmbeddedPostgres;
import dev.freshet.app.postgres.ServerOptions;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `freshet demo`.
@Command(
    name = "demo",
    description = "Shows it all on a PostgreSQL of its own: load, create, refresh, measure",
    footer = {
      "  freshet demo                      about a minute; the second run finds its data again",
      "  freshet demo --keep               and leaves PostgreSQL running, for psql",
      "  freshet demo --stop               stops it again",
      "  freshet demo --orders 3000000     three million orders, six million order items"
    })
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--orders", paramLabel = "N", description = "Rows to load. Default: 1000000.")
  private long orders = DemoOptions.DEFAULT_ORDERS;

  @Option(names = "--keep", description = "Leave PostgreSQL running at the end.")
  private boolean keep;

  @Option(names = "--stop", description = "Only stop the PostgreSQL that --keep left running.")
  private boolean stop;

  @Option(names = "--port", paramLabel = "PORT", description = "Port of PostgreSQL.")
  private int port;

  private final Invocation run;

  DemoCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() throws SQLException {
    if (run.options().url != null) {
      throw new UsageProblem("demo runs on a PostgreSQL of its own; leave out --url");
    }
    if (orders < 1 || port < 0 || port > 65_535) {
      throw new UsageProblem("--orders must be at least 1, and --port a TCP port");
    }
    if (stop) {
      return stop();
    }
    DemoOptions options = new DemoOptions(orders, keep, port);
    new Demo(options, run.screen(), run.interruption().cancellation()).run(run::server);
    return ExitCode.OK;
  }

  private int stop() {
    boolean stopped = EmbeddedPostgres.stop(ServerOptions.standard().home());
    run.screen().note(stopped ? "PostgreSQL is stopped; its data stay." : "It does not run.");
    return ExitCode.OK;
  }
}
