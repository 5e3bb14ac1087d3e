/// The command line as a user sees it: transcripts of sessions on a real server, connections, the
/// look of tables and JSON. Start reading at [SessionsTest].
@NullMarked
package dev.freshet.tests.command;

import org.jspecify.annotations.NullMarked;
