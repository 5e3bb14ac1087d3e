/// Rules about the code itself: which package may use which, what stays out of the compiler, how
/// things are named. Reads the compiled classes of all modules. Start reading at
/// [dev.freshet.tests.code.LayersTest].
@NullMarked
package dev.freshet.tests.code;

import org.jspecify.annotations.NullMarked;
