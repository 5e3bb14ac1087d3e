package dev.freshet;

import java.util.List;

/// What Freshet knows of a view, as text for people, section by section.
///
/// @param view qualified and quoted name
/// @param sections title and lines of each, in reading order: strategies with their locks, options,
///   objects, sources, and with analysis the plans of raw query and view side by side
public record Explanation(String view, List<Section> sections) {
  public Explanation {
    sections = List.copyOf(sections);
  }

  /// A titled block of lines.
  public record Section(String title, List<String> lines) {
    public Section {
      lines = List.copyOf(lines);
    }
  }
}
