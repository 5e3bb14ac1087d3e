package dev.freshet.app.command;

import dev.freshet.app.connect.Server;
import dev.freshet.app.http.Daemon;
import dev.freshet.app.http.ListenAddress;
import dev.freshet.app.http.Token;
import dev.freshet.app.postgres.EmbeddedPostgres;
import dev.freshet.app.postgres.ServerOptions;
import dev.freshet.app.show.Screen;
import dev.freshet.engine.schedule.SchedulerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `freshet serve`.
@Command(
    name = "serve",
    description = {
      "Runs the schedules of the views, the jobs of schema cron, and an HTTP API",
      "",
      "Without --url and PG* variables it also runs a PostgreSQL of its own. Several daemons may",
      "work on one database. Ctrl-C or SIGTERM: refreshes that run may end within 5 seconds,",
      "then they are cancelled on the server, and are due again at once for the next daemon."
    },
    footer = {
      "  freshet serve",
      "  freshet --url postgresql://me@db/shop serve --listen 127.0.0.1:9090",
      "  FRESHET_TOKEN=$(openssl rand -hex 32) freshet serve --listen 0.0.0.0:8080",
      "  curl -X POST http://127.0.0.1:8080/api/views/public.sales/refreshes"
    })
final class ServeCommand implements Callable<Integer> {
  /// Ends before the process is given up on: see [Interruption].
  private static final SchedulerSettings SETTINGS =
      SchedulerSettings.DEFAULT.withStopping(Duration.ofSeconds(5));

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Default 127.0.0.1:8080. Any but a loopback address needs a token.")
  private String listen = "127.0.0.1:8080";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Requests must bring the token in this file; or set FRESHET_TOKEN.")
  private @Nullable Path tokenFile;

  private final Invocation run;

  ServeCommand(Invocation run) {
    this.run = run;
  }

  @Override
  public Integer call() throws InterruptedException {
    ListenAddress address = address();
    Optional<Token> token = token();
    if (run.namesServer()) {
      serve(address, token);
      return ExitCode.OK;
    }
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(ServerOptions.standard())) {
      postgres.forgetExit();
      serve(address, token);
    }
    return ExitCode.OK;
  }

  private void serve(ListenAddress address, Optional<Token> token) throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    run.interruption().cancellation().onCancel(told::countDown);
    Server server = run.server();
    try (Daemon daemon = Daemon.start(server, address, token, SETTINGS)) {
      say(daemon, server);
      told.await();
      run.screen().note("Stopping; refreshes that run have 5 seconds to end.");
    }
  }

  private void say(Daemon daemon, Server server) {
    Screen screen = run.screen();
    if (screen.json()) {
      screen.json(Map.of("url", daemon.url(), "database", server.display()));
      return;
    }
    screen.line("Looking after " + server.display());
    screen.line("API at " + daemon.url() + ", for example " + daemon.url() + "/api/views");
    screen.note("Stop with Ctrl-C.");
  }

  private ListenAddress address() {
    try {
      return ListenAddress.parse(listen);
    } catch (IllegalArgumentException e) {
      throw new UsageProblem(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Token> token() {
    if (tokenFile != null) {
      return Optional.of(Token.read(tokenFile));
    }
    return Optional.ofNullable(run.environment().get("FRESHET_TOKEN")).map(Token::of);
  }
}
