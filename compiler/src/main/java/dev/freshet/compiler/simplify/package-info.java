/// Rules that make a [dev.freshet.compiler.algebra.Relation] smaller without changing its rows:
/// each in a file of its own.
@NullMarked
package dev.freshet.compiler.simplify;

import org.jspecify.annotations.NullMarked;
