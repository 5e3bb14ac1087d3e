package dev.freshet.engine.install;

import java.nio.charset.StandardCharsets;

/// Names of generated objects: readable, with the view's number, and never cut by the server.
final class ObjectNames {
  /// PostgreSQL keeps 63 bytes; the longest suffix of a generated object has 8.
  private static final int LONGEST_BASE = 55;

  private static final int LONGEST_NAME = 63;

  private ObjectNames() {}

  /// Start of the names of a view's objects, such as `sales_12`, or `sales_12_3` for its third
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

  private static String number(int id, int revision) {
    return revision == 1 ? "_" + id : "_" + id + "_" + revision;
  }

  /// The longest start of a name that fits, never half a character.
  private static String shorten(String name, int bytes) {
    int end = name.length();
    while (name.substring(0, end).getBytes(StandardCharsets.UTF_8).length > bytes) {
      end = name.offsetByCodePoints(end, -1);
    }
    return name.substring(0, end);
  }
}
