package dev.freshet.tests.capability;

import dev.freshet.ApplyOptions;
import dev.freshet.Cancellation;
import dev.freshet.Explanation;
import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.Progress;
import java.util.List;

/// How a shape follows changes.
///
/// @param algebra how many of its operators do so by algebra
/// @param keys how many by affected keys
/// @param obstacle why it does not; empty if it does
record Verdict(Shape shape, long algebra, long keys, String obstacle) {
  private static final String OBSTACLE = "The obstacle is: ";

  /// Creates the view, unless it is declined.
  static Verdict of(Shape shape, Freshet freshet) {
    try {
      freshet.apply(
          freshet.plan(List.of(shape.file()), ApplyOptions.of("test")),
          Progress.Listener.NONE,
          new Cancellation());
    } catch (FreshetException e) {
      String detail = String.valueOf(e.problem().detail()).replaceAll("\\s+", " ");
      if (!detail.startsWith(OBSTACLE)) {
        throw e;
      }
      return new Verdict(shape, 0, 0, detail.substring(OBSTACLE.length(), detail.length() - 1));
    }
    List<String> lines = operators(freshet.explain(shape.view(), false));
    return new Verdict(shape, count(lines, ": algebra;"), count(lines, ": affected keys;"), "");
  }

  boolean follows() {
    return obstacle.isEmpty();
  }

  private static List<String> operators(Explanation explanation) {
    return explanation.sections().stream()
        .filter(section -> section.title().equals("Incremental refresh"))
        .findFirst()
        .orElseThrow()
        .lines();
  }

  private static long count(List<String> lines, String strategy) {
    return lines.stream().filter(line -> line.contains(strategy)).count();
  }

  /// A row of the page.
  String line() {
    boolean bare = follows() && algebra + keys == 0;
    return "| %s | %s | %s | %s |"
        .formatted(
            shape.name(),
            bare ? "the table itself" : number(algebra),
            number(keys),
            escaped(obstacle));
  }

  private static String number(long count) {
    return count == 0 ? "" : String.valueOf(count);
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|").replace("*", "\\*");
  }
}
