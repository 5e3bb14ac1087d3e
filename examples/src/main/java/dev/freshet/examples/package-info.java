/// Runnable examples, one feature each.
@NullMarked
package dev.freshet.examples;

import org.jspecify.annotations.NullMarked;
