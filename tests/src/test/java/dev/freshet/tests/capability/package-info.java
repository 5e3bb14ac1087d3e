/// Which queries follow changes, and how.
@NullMarked
package dev.freshet.tests.capability;

import org.jspecify.annotations.NullMarked;
