package dev.freshet.compiler;

import dev.freshet.compiler.emit.IncrementScript;

/// What the compiler says about a view.
public sealed interface Compiled {
  /// Changes can be applied one by one.
  record Incremental(IncrementScript script) implements Compiled {}

  /// The view can only be computed as a whole.
  ///
  /// @param reason the part of the query that stands in the way, and why
  record Full(String reason) implements Compiled {}
}
