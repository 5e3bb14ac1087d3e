/// Random transactions on random tables: every kind of statement that changes rows, in sessions
/// that overlap. Start reading at [dev.freshet.tests.random.change.History].
@NullMarked
package dev.freshet.tests.random.change;

import org.jspecify.annotations.NullMarked;
