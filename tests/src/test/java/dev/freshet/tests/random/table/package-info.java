/// Small random tables over domains in which collisions, duplicates and NULLs happen all the time.
/// Reads and writes nothing. Start reading at [dev.freshet.tests.random.table.Tables].
@NullMarked
package dev.freshet.tests.random.table;

import org.jspecify.annotations.NullMarked;
