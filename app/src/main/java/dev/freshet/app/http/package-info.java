/// The HTTP API of the daemon, on the server of the JDK and virtual threads. Reads views and
/// freshness through [dev.freshet.Freshet]; asks for refreshes through the queue of the scheduler.
/// Start at `ApiServer`.
@NullMarked
package dev.freshet.app.http;

import org.jspecify.annotations.NullMarked;
