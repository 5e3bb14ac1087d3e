/// Random views, random changes, random strategies; the oracle after each refresh. Start reading at
/// [dev.freshet.tests.random.RandomViewsTest].
@NullMarked
package dev.freshet.tests.random;

import org.jspecify.annotations.NullMarked;
