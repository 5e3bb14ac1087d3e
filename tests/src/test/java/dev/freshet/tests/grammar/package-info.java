/// What the compiler reads and prints, compared with what PostgreSQL makes of the same text. Start
/// reading at [dev.freshet.tests.grammar.RoundTripTest].
@NullMarked
package dev.freshet.tests.grammar;

import org.jspecify.annotations.NullMarked;
