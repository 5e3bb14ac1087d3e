package dev.freshet.app.postgres;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The right to look after one home directory, held by one program at a time. The operating system
/// takes it back when the program ends, however it ends.
final class HomeLock implements AutoCloseable {
  /// A file lock is the whole process's, and closing any channel of the file drops it: so a second
  /// holder inside this process must be turned away before it opens the file.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private HomeLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static HomeLock acquire(ServerHome home) {
    long self = ProcessHandle.current().pid();
    if (!HELD_HERE.add(home.lock())) {
      throw inUse(home, String.valueOf(self));
    }
    try {
      return lock(home, self);
    } catch (RuntimeException e) {
      HELD_HERE.remove(home.lock());
      throw e;
    }
  }

  private static HomeLock lock(ServerHome home, long self) {
    try {
      FileChannel channel =
          FileChannel.open(
              home.lock(),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        try (channel) {
          throw inUse(home, content(channel));
        }
      }
      channel.truncate(0);
      channel.write(StandardCharsets.US_ASCII.encode(String.valueOf(self)), 0);
      return new HomeLock(home.lock(), channel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String content(FileChannel channel) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(32);
    channel.read(content, 0);
    return StandardCharsets.US_ASCII.decode(content.flip()).toString();
  }

  private static FreshetException inUse(ServerHome home, String process) {
    return new FreshetException(
        Problem.of("55006", "directory \"" + home.root() + "\" is in use by process " + process)
            .withHint("End that process, connect to its server, or choose another directory."));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      HELD_HERE.remove(file);
    }
  }
}
