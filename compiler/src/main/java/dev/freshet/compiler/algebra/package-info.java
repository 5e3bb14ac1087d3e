/// The shared vocabulary of a view: [dev.freshet.compiler.algebra.Relation], a small tree of
/// records that says what its rows are. `bind` makes it from syntax, `delta` derives from it how
/// changes move the rows, `emit` prints it.
@NullMarked
package dev.freshet.compiler.algebra;

import org.jspecify.annotations.NullMarked;
