package dev.freshet;

import java.util.List;

/// What [Freshet#apply] will do, in order. Made by [Freshet#plan]; changes nothing by itself.
///
/// @param steps one for each change; empty means that the database matches the files
/// @param sources the files that it was made from
/// @param options how they were read
public record Plan(List<Step> steps, List<ViewSource> sources, ApplyOptions options) {
  public Plan {
    steps = List.copyOf(steps);
    sources = List.copyOf(sources);
  }

  public boolean upToDate() {
    return steps.isEmpty();
  }

  /// One change.
  ///
  /// @param view qualified and quoted name
  /// @param action what is done to it
  /// @param summary one line for people
  /// @param diff lines that start with `+`, `-` or a blank, as a unified diff has them
  /// @param query the declared query; empty for a drop
  public record Step(String view, Action action, String summary, List<String> diff, String query) {
    public Step {
      diff = List.copyOf(diff);
    }
  }

  /// What a step does.
  public enum Action {
    CREATE,
    REPLACE,
    OPTIONS,
    INDEX,
    GRANT,
    COMMENT,
    OWNER,
    DROP
  }
}
