/// Derives how changes of tables move the rows of a view. Reads
/// [dev.freshet.compiler.algebra.Relation] trees and makes a
/// [dev.freshet.compiler.delta.DeltaPlan]; start at [dev.freshet.compiler.delta.DeltaCompiler].
@NullMarked
package dev.freshet.compiler.delta;

import org.jspecify.annotations.NullMarked;
