package dev.freshet.tests.server;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.postgresql.ds.PGSimpleDataSource;

/// Copies a running server as `pg_basebackup` does, into the home of a server that is to follow it.
final class BaseBackup extends SimpleFileVisitor<Path> {
  private static final int NEW_NAMES = 150000;

  /// What a server makes anew, or gets from the one that it follows.
  private static final Set<String> LEFT_EMPTY =
      Set.of(
          "pg_wal",
          "pg_replslot",
          "pg_stat_tmp",
          "pg_subtrans",
          "pg_notify",
          "pg_serial",
          "pg_snapshots",
          "pg_dynshmem");

  private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts");

  private final Path from;
  private final Path to;

  private BaseBackup(Path from, Path to) {
    this.from = from;
    this.to = to;
  }

  /// @param source connections of the superuser
  static void copy(PGSimpleDataSource source, Path home) throws SQLException, IOException {
    Path data = home.resolve("data");
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      boolean old = Integer.parseInt(value(statement, "SHOW server_version_num")) < NEW_NAMES;
      statement.execute(
          old
              ? "SELECT pg_start_backup('copy', true, false)"
              : "SELECT pg_backup_start('copy', true)");
      Path from = Path.of(value(statement, "SHOW data_directory"));
      Files.walkFileTree(from, new BaseBackup(from, data));
      String label =
          value(
              statement,
              old
                  ? "SELECT labelfile FROM pg_stop_backup(false, false)"
                  : "SELECT labelfile FROM pg_backup_stop(false)");
      Files.writeString(data.resolve("backup_label"), label);
    }
    Files.createFile(data.resolve("standby.signal"));
    Files.writeString(home.resolve("password"), String.valueOf(source.getPassword()));
    Files.createFile(home.resolve("lock"));
  }

  private static String value(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
      throws IOException {
    Files.copy(folder, copyOf(folder), StandardCopyOption.COPY_ATTRIBUTES);
    return LEFT_EMPTY.contains(from.relativize(folder).toString())
        ? FileVisitResult.SKIP_SUBTREE
        : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    if (!LEFT_OUT.contains(from.relativize(file).toString())) {
      try {
        Files.copy(file, copyOf(file), StandardCopyOption.COPY_ATTRIBUTES);
      } catch (NoSuchFileException e) {
        return FileVisitResult.CONTINUE; // dropped meanwhile, as the log tells the copy
      }
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
    if (failure instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw failure;
  }

  private Path copyOf(Path path) {
    return to.resolve(from.relativize(path).toString());
  }
}
