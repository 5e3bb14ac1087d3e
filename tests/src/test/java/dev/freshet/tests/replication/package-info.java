/// Views on tables that a subscription fills.
@NullMarked
package dev.freshet.tests.replication;

import org.jspecify.annotations.NullMarked;
