/// The launcher script, run as a user runs it on the packaged program. Start reading at
/// [dev.freshet.tests.launcher.LauncherIT].
@NullMarked
package dev.freshet.tests.launcher;

import org.jspecify.annotations.NullMarked;
