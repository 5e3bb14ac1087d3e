/// One small class for each command of the command line: reads its arguments, calls the library,
/// shows the result. Start reading at [Commands].
@NullMarked
package dev.freshet.app.command;

import org.jspecify.annotations.NullMarked;
