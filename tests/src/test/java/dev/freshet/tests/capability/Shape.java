package dev.freshet.tests.capability;

import dev.freshet.ViewSource;
import dev.freshet.tests.fixture.TextFile;
import java.util.List;
import java.util.stream.IntStream;

/// A query that stands for many of its kind.
///
/// @param view name of the view that is made of it
/// @param name what it shows
record Shape(String view, String name, String query) {
  static List<Shape> all() {
    List<String> paragraphs = new TextFile(Shape.class, "shapes.sql").paragraphs();
    return IntStream.range(0, paragraphs.size())
        .mapToObj(i -> {
          String[] parts = paragraphs.get(i).split("\n", 2);
          return new Shape("shape_" + (i + 1), parts[0].replaceFirst("^-- ", ""), parts[1]);
        })
        .toList();
  }

  ViewSource file() {
    return new ViewSource(
        view + ".sql",
        "CREATE MATERIALIZED VIEW %s WITH (freshet.refresh = 'incremental') AS %s;"
            .formatted(view, query));
  }
}
