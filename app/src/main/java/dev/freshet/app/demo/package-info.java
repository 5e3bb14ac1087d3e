/// `freshet demo`: a shop with skewed data on a PostgreSQL of its own, the report of a view file,
/// and each way to refresh it, measured beside a reader. Start reading at [Demo].
@NullMarked
package dev.freshet.app.demo;

import org.jspecify.annotations.NullMarked;
