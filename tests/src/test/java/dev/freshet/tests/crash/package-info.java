/// Refreshes that do not come to their end: killed servers and clients, cancelled tasks, full
/// disks.
@NullMarked
package dev.freshet.tests.crash;

import org.jspecify.annotations.NullMarked;
