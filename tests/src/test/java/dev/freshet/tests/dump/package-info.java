/// Databases that move to another server as a dump.
@NullMarked
package dev.freshet.tests.dump;

import org.jspecify.annotations.NullMarked;
