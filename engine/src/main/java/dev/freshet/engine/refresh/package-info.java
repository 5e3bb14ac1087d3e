/// Runs refreshes and comparisons: the calls that the command line, the daemon and the library
/// share. Start at [RefreshRun].
@NullMarked
package dev.freshet.engine.refresh;

import org.jspecify.annotations.NullMarked;
