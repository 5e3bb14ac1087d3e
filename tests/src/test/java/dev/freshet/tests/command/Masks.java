package dev.freshet.tests.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Hides what differs from run to run: moments, durations, sizes, and the widths that follow.
final class Masks {
  private static final Map<Pattern, String> MASKS = new LinkedHashMap<>();

  static {
    mask("\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z?", "<time>");
    mask("\"(age|duration|last_duration|lock_wait)\" : [\\d.E-]+", "\"$1\" : <seconds>");
    mask("\"(bytes|wal_bytes|state_bytes|log_bytes)\" : \\d+", "\"$1\" : <bytes>");
    mask("\"log_rows\" : \\d+", "\"log_rows\" : <rows>");
    mask("\\b\\d+(\\.\\d+)? (ms|s|min|h)\\b", "<span>");
    mask("\\b\\d+ (bytes|kB|MB)\\b", "<size>");
    mask("_\\d+\\b", "_<id>");
    mask("(port|127\\.0\\.0\\.1:)\\d+", "$1<port>");
    mask("─+", "─");
    mask("(?<=\\S) +(?=│)", " ");
    mask("(?<=│) +(?=\\S)", " ");
  }

  private Masks() {}

  static String mask(String line) {
    String masked = line;
    for (Map.Entry<Pattern, String> mask : MASKS.entrySet()) {
      masked = mask.getKey().matcher(masked).replaceAll(mask.getValue());
    }
    return masked;
  }

  private static void mask(String pattern, String replacement) {
    MASKS.put(Pattern.compile(pattern), replacement);
  }
}
