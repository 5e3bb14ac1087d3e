package dev.freshet.compiler;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.sql.Span;
import java.util.Optional;

/// What the compiler says about a view.
public sealed interface Compiled {
  /// Changes can be applied one by one.
  ///
  /// @param written the query as algebra, before it was simplified
  record Incremental(Relation written, IncrementScript script) implements Compiled {}

  /// The view can only be computed as a whole.
  ///
  /// @param reason the part of the query that stands in the way, and why
  /// @param part where it is in the query that was compiled, if known
  record Full(String reason, Optional<Span> part) implements Compiled {}
}
