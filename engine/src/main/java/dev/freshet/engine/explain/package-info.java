/// Explains a view to people: strategies with their locks, objects, sources, plans. Reads the
/// catalog and runs EXPLAIN. Start at [Explainer].
@NullMarked
package dev.freshet.engine.explain;

import org.jspecify.annotations.NullMarked;
