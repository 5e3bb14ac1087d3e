/// Which server to connect to and how: reads a URL, the `PG*` variables and the password file as
/// PostgreSQL's own programs do, and gives a data source. Start reading at [ServerChoice].
@NullMarked
package dev.freshet.app.connect;

import org.jspecify.annotations.NullMarked;
