/// The benchmarks TPC-H and TPC-DS as a test: their queries as incremental views, fed with the
/// changes of TPC-H and with others. Start reading at [dev.freshet.tests.tpc.TpchTest].
@NullMarked
package dev.freshet.tests.tpc;

import org.jspecify.annotations.NullMarked;
