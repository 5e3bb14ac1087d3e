/// Reads `pg_catalog`: columns, keys, owners and dependents of the relations that views are made
/// of. Changes nothing.
@NullMarked
package dev.freshet.engine.schema;

import org.jspecify.annotations.NullMarked;
