package dev.freshet.app.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the server has said since a moment.
///
/// @param start bytes that the file had then
record StartLog(Path file, long start) {
  private static final int LINES = 5;

  static StartLog from(Path file) {
    try {
      return new StartLog(file, Files.exists(file) ? Files.size(file) : 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The last lines.
  String ending() {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      byte[] said = new byte[(int) (channel.size() - start)];
      channel.position(start).read(ByteBuffer.wrap(said));
      List<String> lines = new String(said, StandardCharsets.UTF_8).strip().lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
