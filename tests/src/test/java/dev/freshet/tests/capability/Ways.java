package dev.freshet.tests.capability;

import dev.freshet.Explanation;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How many operators of a query follow changes in each way, by what `explain` says.
///
/// @param algebra by algebra
/// @param keys by computing affected keys anew
/// @param full anew after any change
public record Ways(long algebra, long keys, long full) {
  private static final String SECTION = "Incremental refresh";

  /// The one kind of operator that may be computed anew after any change, though the view follows.
  private static final String WHOLE = "aggregate of all rows: in full;";

  /// What the view does, or empty lines of a query that cannot.
  public static Ways of(Explanation explanation) {
    List<String> lines =
        explanation.sections().stream()
            .filter(section -> section.title().equals(SECTION))
            .flatMap(section -> section.lines().stream())
            .toList();
    Ways ways =
        new Ways(count(lines, ": algebra;"), count(lines, ": affected keys;"), count(lines, WHOLE));
    if (ways.full() != count(lines, ": in full;")) {
      throw new AssertionError("more is computed in full:\n" + String.join("\n", lines));
    }
    return ways;
  }

  private static long count(List<String> lines, String way) {
    return lines.stream().filter(line -> line.contains(way)).count();
  }

  /// `9 algebra, 2 keys`; `copy` of a query without operators.
  public String text() {
    String text =
        Stream.of(part(algebra, "algebra"), part(keys, "keys"), part(full, "full"))
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? "copy" : text;
  }

  private static String part(long count, String way) {
    return count == 0 ? "" : String.format(Locale.ROOT, "%d %s", count, way);
  }
}
