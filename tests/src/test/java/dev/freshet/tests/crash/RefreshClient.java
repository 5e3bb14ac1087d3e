package dev.freshet.tests.crash;

import dev.freshet.Freshet;
import java.io.IOException;
import org.postgresql.ds.PGSimpleDataSource;

/// A program of its own that refreshes one view, so that a test can kill it.
final class RefreshClient {
  private RefreshClient() {}

  /// Arguments: JDBC URL, user, password, view.
  public static void main(String[] arguments) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(arguments[0]);
    source.setUser(arguments[1]);
    source.setPassword(arguments[2]);
    source.setApplicationName(HeldRefresh.SESSION);
    Freshet.connect(source).refresh(arguments[3]);
  }

  static Process start(PGSimpleDataSource source, String view) throws IOException {
    String java = System.getProperty("java.home") + "/bin/java";
    return new ProcessBuilder(
            java,
            "-cp",
            System.getProperty("java.class.path"),
            RefreshClient.class.getName(),
            source.getURL(),
            String.valueOf(source.getUser()),
            String.valueOf(source.getPassword()),
            view)
        .inheritIO()
        .start();
  }
}
