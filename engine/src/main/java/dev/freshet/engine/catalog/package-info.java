/// The `freshet` schema of a database: its migrations, and its rows as records. Reads and writes
/// the catalog; knows nothing of how a view is built. Start at [Catalog].
@NullMarked
package dev.freshet.engine.catalog;

import org.jspecify.annotations.NullMarked;
