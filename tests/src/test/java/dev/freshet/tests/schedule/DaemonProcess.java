package dev.freshet.tests.schedule;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.postgresql.ds.PGSimpleDataSource;

/// A daemon in a process of its own, which a test may kill.
final class DaemonProcess {
  private DaemonProcess() {}

  static Process start(PGSimpleDataSource source, String name) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(
            java,
            "-cp",
            System.getProperty("java.class.path"),
            DaemonProcess.class.getName(),
            source.getURL(),
            String.valueOf(source.getUser()),
            String.valueOf(source.getPassword()),
            name);
    return new ProcessBuilder(command).inheritIO().start();
  }

  /// Works until it is killed.
  public static void main(String[] arguments) throws InterruptedException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(arguments[0]);
    source.setUser(arguments[1]);
    source.setPassword(arguments[2]);
    try (var _ = Daemons.start(source, arguments[3])) {
      new CountDownLatch(1).await();
    }
  }
}
