package dev.freshet.app.postgres;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a server says about itself in `postmaster.pid`.
///
/// @param status `starting`, `ready`, `stopping` or `standby`; empty before the first
record PidFile(long pid, int port, String status) {
  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;
  private static final int STATUS_LINE = 7;

  static Path of(ServerHome home) {
    return home.data().resolve("postmaster.pid");
  }

  /// Empty if there is no such file, or if the server has not written enough of it yet.
  static Optional<PidFile> read(ServerHome home) {
    List<String> lines = ServerHome.read(of(home)).orElse("").lines().map(String::strip).toList();
    if (lines.size() <= PORT_LINE) {
      return Optional.empty();
    }
    String status = lines.size() > STATUS_LINE ? lines.get(STATUS_LINE) : "";
    long pid = Long.parseLong(lines.get(PID_LINE));
    return Optional.of(new PidFile(pid, Integer.parseInt(lines.get(PORT_LINE)), status));
  }

  boolean isReady() {
    return status.equals("ready");
  }

  /// The process of that number, whatever it is by now.
  Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid);
  }

  /// The server's process; empty if it has ended, even if a stranger bears its number now.
  Optional<ProcessHandle> server(ServerHome home) {
    return process()
        .filter(process ->
            process
                .info()
                .commandLine()
                .filter(words -> words.contains(home.data().toString()))
                .isPresent());
  }
}
