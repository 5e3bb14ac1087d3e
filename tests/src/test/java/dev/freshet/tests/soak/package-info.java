/// Writers that go on while views are refreshed, for minutes or for hours.
@NullMarked
package dev.freshet.tests.soak;

import org.jspecify.annotations.NullMarked;
