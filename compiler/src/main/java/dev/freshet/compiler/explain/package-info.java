/// Says in words what the compiler has made of a view: its algebra, how each operator is
/// maintained, which searches a refresh makes in the tables, and what to change where a query
/// cannot be maintained. Reads relations and plans, writes lines; start at
/// [dev.freshet.compiler.explain.DeltaText].
@NullMarked
package dev.freshet.compiler.explain;

import org.jspecify.annotations.NullMarked;
