/// Makes the database match view files: compares, creates, replaces, alters and drops managed
/// views, adopts native ones, and takes everything away again. Writes the catalog and DDL; states
/// the locks that it takes. Start at [Planner], then [Change].
@NullMarked
package dev.freshet.engine.install;

import org.jspecify.annotations.NullMarked;
