/// The program: start reading at {@code Main}.
@NullMarked
package dev.freshet.app;

import org.jspecify.annotations.NullMarked;
