/// Tests of the words for what the compiler does.
@NullMarked
package dev.freshet.compiler.explain;

import org.jspecify.annotations.NullMarked;
