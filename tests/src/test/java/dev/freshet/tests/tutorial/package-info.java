/// Runs `docs/tutorial.md`: its statements and commands, in order, on a real server, and compares
/// what they print with what it shows. Start at [TutorialTest].
@NullMarked
package dev.freshet.tests.tutorial;

import org.jspecify.annotations.NullMarked;
