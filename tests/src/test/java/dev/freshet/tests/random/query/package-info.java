/// Random queries as trees, written down as SQL. A tree stays a valid query when a part of it is
/// replaced by a smaller one, since references name a type and a number and not a column. Start
/// reading at [dev.freshet.tests.random.query.Query].
@NullMarked
package dev.freshet.tests.random.query;

import org.jspecify.annotations.NullMarked;
