package dev.freshet.app.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// Unpacks a `.txz` file so that every account of the machine can run what is in it.
final class TarXz {
  private TarXz() {}

  /// The folder appears as a whole or not at all; whoever unpacks second finds the first one's.
  static void unpack(InputStream packed, Path folder) throws IOException {
    Path unfinished = Files.createTempDirectory(parentOf(folder), "unpacking-");
    try {
      unpackAll(packed, openFolder(unfinished));
      Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Trees.delete(unfinished);
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  private static void unpackAll(InputStream packed, Path folder) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new XZCompressorInputStream(new BufferedInputStream(packed, 1 << 16)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException("entry outside the folder: " + entry.getName());
        }
        unpackOne(tar, entry, target);
      }
    }
  }

  private static void unpackOne(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    if (entry.isDirectory()) {
      openFolder(target);
      return;
    }
    parentOf(target);
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, target);
    boolean runnable = (entry.getMode() & 0100) != 0;
    Files.setPosixFilePermissions(
        target, PosixFilePermissions.fromString(runnable ? "rwxr-xr-x" : "rw-r--r--"));
  }

  private static Path parentOf(Path path) throws IOException {
    return openFolder(Objects.requireNonNull(path.getParent()));
  }

  /// Open to every account even if the umask says otherwise.
  private static Path openFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
    if (Files.isWritable(folder)) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return folder;
  }
}
