/// Tests of reading and writing SQL that need no database.
@NullMarked
package dev.freshet.compiler.sql;

import org.jspecify.annotations.NullMarked;
