/// A real PostgreSQL that the program brings along: unpacks its binaries once, keeps a data
/// directory, starts and stops the server. Reads and writes one home directory and the cache of
/// unpacked binaries. Start reading at [dev.freshet.app.postgres.EmbeddedPostgres].
@NullMarked
package dev.freshet.app.postgres;

import org.jspecify.annotations.NullMarked;
