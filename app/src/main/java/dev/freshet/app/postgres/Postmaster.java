package dev.freshet.app.postgres;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One running server process: our child, or one that an earlier program left behind.
record Postmaster(Installation installation, ProcessHandle process, int port) {
  private static final Duration READY_LIMIT = Duration.ofMinutes(5);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  /// The server that runs on this home directory already.
  static Optional<Postmaster> running(Installation installation) {
    ServerHome home = installation.home();
    return PidFile.read(home)
        .flatMap(file ->
            file.server(home).map(process -> new Postmaster(installation, process, file.port())));
  }

  /// Starts a server and waits until it takes connections, crash recovery included.
  static Postmaster start(Installation installation, List<String> command, int port) {
    ServerHome home = installation.home();
    removeStrangersPidFile(home);
    StartLog log = StartLog.from(home.log());
    Process process =
        spawn(
            Program.builder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(home.log().toFile())));
    if (!waitUntilReady(process, home)) {
      process.destroyForcibly();
      throw notStarted(log);
    }
    long pid = PidFile.read(home).orElseThrow().pid();
    return new Postmaster(installation, ProcessHandle.of(pid).orElseThrow(), port);
  }

  /// Ends all connections, writes what has to be written, and waits for the end.
  void stop() {
    signal("INT");
    if (!hasEnded()) {
      signal("QUIT");
    }
    if (!hasEnded()) {
      kill();
    }
  }

  /// Ends the server as a power cut does, with everything that it had started.
  void kill() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
    children.forEach(child -> child.onExit().join());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private void signal(String name) {
    Program.run(
        installation
            .user()
            .command(
                installation.binaries().program("pg_ctl"),
                "kill",
                name,
                String.valueOf(process.pid())));
  }

  private boolean hasEnded() {
    try {
      process.onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw Program.interrupted("the server to stop");
    }
  }

  /// The kernel ends the server when the *thread* that started it ends, not when the process does.
  /// So the server gets a thread of its own, which lives as long as the server.
  private static Process spawn(ProcessBuilder builder) {
    CompletableFuture<Process> started = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("postgres")
        .daemon()
        .start(() -> {
          try {
            Process process = builder.start();
            started.complete(process);
            process.waitFor();
          } catch (IOException | InterruptedException e) {
            started.completeExceptionally(e);
          }
        });
    return started.join();
  }

  private static boolean waitUntilReady(Process process, ServerHome home) {
    long limit = System.nanoTime() + READY_LIMIT.toNanos();
    try {
      while (!process.waitFor(5, TimeUnit.MILLISECONDS) && System.nanoTime() < limit) {
        if (PidFile.read(home).filter(file -> file.isReady() && isOf(process, file)).isPresent()) {
          return true;
        }
      }
      return false;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw Program.interrupted("the server to start");
    }
  }

  /// The file of a server that was killed still stands until the new one writes its own.
  private static boolean isOf(Process process, PidFile file) {
    return file.pid() == process.pid()
        || process.descendants().anyMatch(child -> child.pid() == file.pid());
  }

  /// After a reboot a stranger may bear the number in the file, and PostgreSQL would not start.
  private static void removeStrangersPidFile(ServerHome home) {
    Optional<PidFile> file = PidFile.read(home);
    if (file.flatMap(PidFile::process).isPresent() && file.flatMap(f -> f.server(home)).isEmpty()) {
      try {
        Files.deleteIfExists(PidFile.of(home));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static FreshetException notStarted(StartLog log) {
    return new FreshetException(
        Problem.of("58000", "PostgreSQL did not start")
            .withDetail(log.ending())
            .withHint("The whole log is in \"" + log.file() + "\"."));
  }
}
