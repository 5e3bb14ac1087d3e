package dev.freshet.tests.crash;

import dev.freshet.tests.server.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/// A tablespace `small_disk` of 6 MB in memory. Mounting it takes root.
final class SmallDisk implements AutoCloseable {
  private static final String SIZE = "6m";

  private final TestDatabase database;
  private final Path folder;

  private SmallDisk(TestDatabase database, Path folder) {
    this.database = database;
    this.folder = folder;
  }

  /// This machine does not let us.
  static final class Impossible extends Exception {
    Impossible(String reason, Exception cause) {
      super(reason, cause);
    }
  }

  static SmallDisk mount(TestDatabase database) throws Impossible, SQLException {
    try {
      Path folder = Files.createTempDirectory("freshet-small-disk");
      Path data = Path.of(database.string("SHOW data_directory"));
      String owner =
          "uid=%s,gid=%s"
              .formatted(
                  Files.getAttribute(data, "unix:uid"), Files.getAttribute(data, "unix:gid"));
      run(
          "mount",
          "-t",
          "tmpfs",
          "-o",
          "size=" + SIZE + ",mode=700," + owner,
          "tmpfs",
          folder.toString());
      SmallDisk disk = new SmallDisk(database, folder);
      database.execute("CREATE TABLESPACE small_disk LOCATION '" + folder + "'");
      return disk;
    } catch (IOException e) {
      throw new Impossible("cannot mount a tmpfs: " + e.getMessage(), e);
    }
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(output.strip());
    }
  }

  String tablespace() {
    return "small_disk";
  }

  @Override
  public void close() throws SQLException {
    try {
      database.execute("DROP TABLESPACE small_disk");
    } finally {
      try {
        run("umount", folder.toString());
        Files.delete(folder);
      } catch (IOException e) {
        System.out.println("left mounted: " + folder + ": " + e.getMessage());
      }
    }
  }
}
