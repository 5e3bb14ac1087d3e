package dev.freshet.tests.tutorial;

/// Takes out of an output what differs from run to run: times, durations, sizes, and the widths of
/// columns that follow from them.
final class Mask {
  private Mask() {}

  static String of(String output) {
    return output
        .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([+-]\\d\\d)?", "TIME")
        .replaceAll("127\\.0\\.0\\.1:\\d+", "SERVER")
        .replaceAll("\\b\\d+(\\.\\d+)? (bytes|kB|MB)", "SIZE")
        .replaceAll("\\b\\d+(\\.\\d+)? (µs|ms|s|min)\\b", "DURATION")
        .replaceAll("[─-]{2,}", "-")
        .replaceAll(" +", " ")
        .replaceAll(" *\\n", "\n");
  }
}
