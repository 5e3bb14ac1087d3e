/// SQL text to syntax records and back. Reads view files, queries and refresh statements; refuses
/// what it does not know with its place in the text. Writes text through `Quote` and `SqlPrinter`.
/// Start at `ViewFile` for what a user declares and at `Query` for what a view selects.
@NullMarked
package dev.freshet.compiler.sql;

import org.jspecify.annotations.NullMarked;
