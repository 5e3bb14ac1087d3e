/// Turns the SQL of a view into the SQL that keeps it fresh. Pure: no database, threads, clock or
/// files.
@NullMarked
package dev.freshet.compiler;

import org.jspecify.annotations.NullMarked;
