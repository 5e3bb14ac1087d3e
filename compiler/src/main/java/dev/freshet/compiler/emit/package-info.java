/// Writes the SQL that lives in the user's database: the storage of a view and the functions that
/// refresh, compare and publish it. Reads a [ViewShape]; start at [ScriptWriter].
@NullMarked
package dev.freshet.compiler.emit;

import org.jspecify.annotations.NullMarked;
