/// PostgreSQL servers of the suite: one for each major version, one database for each test.
@NullMarked
package dev.freshet.tests.server;

import org.jspecify.annotations.NullMarked;
