/// Random tables, views and transactions; after each refresh a view is compared with its query in
/// one snapshot. A failure is made small and written down as a fixture. Start reading at
/// [dev.freshet.tests.random.RandomViewsTest].
@NullMarked
package dev.freshet.tests.random;

import org.jspecify.annotations.NullMarked;
