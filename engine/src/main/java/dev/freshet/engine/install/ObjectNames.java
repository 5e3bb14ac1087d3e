package dev.freshet.engine.install;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;

/// Names of generated objects: readable, with the view's number, and never cut by the server.
final class ObjectNames {
  /// PostgreSQL keeps 63 bytes; the longest suffix of a generated object has 16: `_apply` and the
  /// number of a log.
  private static final int LONGEST_BASE = 47;

  private static final int LONGEST_NAME = 63;

  /// The longest suffix of a function of a change log has 9 bytes.
  private static final int LONGEST_LOG = 54;

  private ObjectNames() {}

  /// Start of the names of a view's objects, such as `sales_12`, or `sales_12r3` for its third
  /// definition.
  static String base(String view, int id, int revision) {
    String number = number(id, revision);
    return shorten(view, LONGEST_BASE - number.length()) + number;
  }

  /// Name of an index on a storage; storages of all schemas share one schema.
  static String index(String declared, int id, int revision) {
    String number = number(id, revision);
    return shorten(declared, LONGEST_NAME - number.length()) + number;
  }

  /// Name of the change log of a table, such as `orders_changes7`. No object of a view can bear it:
  /// there an underscore stands before the last number.
  static String log(String table, int id) {
    String number = "_changes" + id;
    return shorten(table, LONGEST_LOG - number.length()) + number;
  }

  /// Name of the view that reads in real time beside a view.
  static String realTime(String view) {
    String suffix = "_realtime";
    return shorten(view, LONGEST_NAME - suffix.length()) + suffix;
  }

  private static String number(int id, int revision) {
    return revision == 1 ? "_" + id : "_" + id + "r" + revision;
  }

  /// The longest start of a name that fits, never half a character; where something is cut, a
  /// checksum of the whole tells it from others with the same start.
  private static String shorten(String name, int bytes) {
    if (name.getBytes(StandardCharsets.UTF_8).length <= bytes) {
      return name;
    }
    CRC32 checksum = new CRC32();
    checksum.update(name.getBytes(StandardCharsets.UTF_8));
    return start(name, bytes - 9) + "_" + HexFormat.of().toHexDigits((int) checksum.getValue());
  }

  private static String start(String name, int bytes) {
    int end = name.length();
    while (name.substring(0, end).getBytes(StandardCharsets.UTF_8).length > bytes) {
      end = name.offsetByCodePoints(end, -1);
    }
    return name.substring(0, end);
  }
}
