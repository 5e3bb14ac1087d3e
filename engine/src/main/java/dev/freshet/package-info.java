/// The library: declares, refreshes, schedules and watches materialized views on PostgreSQL.
@NullMarked
package dev.freshet;

import org.jspecify.annotations.NullMarked;
