/// Tests of what the compiler refuses and how it says so.
@NullMarked
package dev.freshet.compiler;

import org.jspecify.annotations.NullMarked;
