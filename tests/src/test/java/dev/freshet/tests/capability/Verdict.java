package dev.freshet.tests.capability;

import dev.freshet.ApplyOptions;
import dev.freshet.Cancellation;
import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.Progress;
import java.util.List;

/// How a shape follows changes.
///
/// @param obstacle why it does not; empty if it does
record Verdict(Shape shape, Ways ways, String obstacle) {
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
      return new Verdict(
          shape, new Ways(0, 0, 0), detail.substring(OBSTACLE.length(), detail.length() - 1));
    }
    return new Verdict(shape, Ways.of(freshet.explain(shape.view(), false)), "");
  }

  boolean follows() {
    return obstacle.isEmpty();
  }

  /// A row of the page.
  String line() {
    boolean bare = follows() && ways.equals(new Ways(0, 0, 0));
    return "| %s | %s | %s | %s | %s |"
        .formatted(
            shape.name(),
            bare ? "the table itself" : number(ways.algebra()),
            number(ways.keys()),
            number(ways.full()),
            escaped(obstacle));
  }

  private static String number(long count) {
    return count == 0 ? "" : String.valueOf(count);
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|").replace("*", "\\*");
  }
}
